package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes from a custom document what its structural schema does not know, and nulls where none are
 * allowed; fills in defaults. Confined to a call.
 */
final class CustomPruner {
  private static final Set<String> RESOURCE_FIELDS = Set.of("apiVersion", "kind", "metadata");

  private final List<String> unknown = new ArrayList<>();

  /** The unknown fields found so far: {@code unknown field "spec.foo"}. */
  List<String> unknown() {
    return unknown;
  }

  /**
   * Prunes in place.
   *
   * @param schema null under preserved fields, where everything stays
   * @param resource whether apiVersion, kind and metadata belong here
   */
  void prune(JsonNode node, @Nullable JsonSchema schema, boolean resource, Path path) {
    if (schema == null) {
      return;
    }
    if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        prune(list.get(i), schema.items(), embedded(schema.items()), path.element(i));
      }
    } else if (node instanceof ObjectNode object) {
      object(object, schema, resource, path);
    }
  }

  private void object(ObjectNode object, JsonSchema schema, boolean resource, Path path) {
    Iterator<Map.Entry<String, JsonNode>> entries = object.properties().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, JsonNode> entry = entries.next();
      String name = entry.getKey();
      if (resource && RESOURCE_FIELDS.contains(name)) {
        continue;
      }
      JsonSchema field = schema.field(name);
      Path child = path.field(name);
      if (field != null) {
        if (entry.getValue().isNull() && !field.nullable()) {
          entries.remove();
        } else {
          prune(entry.getValue(), field, field.embedded(), child);
        }
      } else if (!schema.preserveUnknown()) {
        unknown.add("unknown field \"" + child + "\"");
        entries.remove();
      }
    }
  }

  private static boolean embedded(@Nullable JsonSchema schema) {
    return schema != null && schema.embedded();
  }

  /** Sets absent fields that have a default, in place. */
  static void applyDefaults(JsonNode node, @Nullable JsonSchema schema) {
    if (schema == null) {
      return;
    }
    if (node instanceof ArrayNode list) {
      list.forEach(item -> applyDefaults(item, schema.items()));
    } else if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonSchema> property : schema.properties().entrySet()) {
        JsonNode fallback = property.getValue().fallback();
        if (fallback != null && !object.has(property.getKey())) {
          object.set(property.getKey(), fallback.deepCopy());
        }
      }
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        applyDefaults(entry.getValue(), schema.field(entry.getKey()));
      }
    }
  }
}
