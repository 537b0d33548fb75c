package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Strategic merge: lists merge element by element where the type says so, and directives in the
 * patch delete, replace, order and retain. Stateless; changes both of its arguments.
 *
 * <p>Source of the rules: Kubernetes' strategic merge patch, as its server applies it.
 */
final class StrategicMerge {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String ORDER = "$setElementOrder/";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

  private final TypeTable table;

  StrategicMerge(TypeTable table) {
    this.table = table;
  }

  /**
   * Merges {@code patch} into {@code original}.
   *
   * @param type null inside maps and unknown fields, where objects merge and lists are replaced
   * @return the merged object, which need not be {@code original}
   */
  ObjectNode object(ObjectNode original, ObjectNode patch, @Nullable ObjectType type) {
    JsonNode directive = patch.get(PATCH);
    if (directive != null) {
      return switch (directive.asString()) {
        case "replace" -> {
          patch.remove(PATCH);
          yield patch;
        }
        case "delete" -> JsonNodeFactory.instance.objectNode();
        default -> throw badDirective(directive, patch);
      };
    }
    retainKeys(original, patch);
    ordered(original, patch, type);
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      String key = entry.getKey();
      if (key.startsWith(DELETE_FROM)) {
        deleteFrom(original, key.substring(DELETE_FROM.length()), entry.getValue());
      } else {
        field(original, key, entry.getValue(), type);
      }
    }
    return original;
  }

  private void field(ObjectNode original, String key, JsonNode patch, @Nullable ObjectType type) {
    if (patch.isNull()) {
      original.remove(key);
      return;
    }
    JsonNode old = original.get(key);
    Field field = type == null ? null : type.field(key);
    if (old instanceof ObjectNode oldObject && patch instanceof ObjectNode patchObject) {
      boolean replace = field != null && field.merge().replace();
      original.set(
          key, replace ? clean(patchObject) : object(oldObject, patchObject, elementType(field)));
    } else if (old instanceof ArrayNode oldList && patch instanceof ArrayNode patchList) {
      original.set(key, list(oldList, patchList, field));
    } else {
      original.set(key, clean(patch));
    }
  }

  /** The object type of a field's value or of its elements; null for maps and scalars. */
  private @Nullable ObjectType elementType(@Nullable Field field) {
    return field == null
            || field.type().ref().isEmpty()
            || field.type().shape() == FieldType.Shape.MAP
        ? null
        : table.type(field.type().ref());
  }

  private ArrayNode list(ArrayNode original, ArrayNode patch, @Nullable Field field) {
    if (field == null || !field.merge().merge()) {
      return patch;
    }
    String key = field.merge().key();
    if (key.isEmpty()) {
      ArrayNode merged = original.deepCopy();
      for (JsonNode item : patch) {
        if (ListOrder.index(merged, item, key) < 0) {
          merged.add(item);
        }
      }
      return ListOrder.arrange(merged, patch, original, key);
    }
    List<ObjectNode> plain = new ArrayList<>();
    boolean replace = false;
    for (JsonNode item : patch) {
      ObjectNode element = element(item);
      JsonNode directive = element.get(PATCH);
      if (directive == null) {
        plain.add(element);
        continue;
      }
      switch (directive.asString()) {
        case "delete" -> {
          requireKey(element, key);
          removeMatching(original, element, key);
        }
        case "replace" -> replace = true;
        case "merge" ->
            throw Refusals.internal("merging lists cannot yet be specified in the patch");
        default -> throw badDirective(directive, element);
      }
    }
    ArrayNode rest = JsonNodeFactory.instance.arrayNode();
    plain.forEach(rest::add);
    return replace ? rest : mergeElements(original, rest, key, elementType(field));
  }

  private ArrayNode mergeElements(
      ArrayNode original, ArrayNode patch, String key, @Nullable ObjectType type) {
    ArrayNode serverOrder = original.deepCopy();
    for (int i = 0; i < patch.size(); i++) {
      ObjectNode element = element(patch.get(i));
      requireKey(element, key);
      int at = ListOrder.index(original, element, key);
      if (at >= 0) {
        JsonNode keyValue = element.get(key);
        ObjectNode merged = object(element(original.get(at)), element, type);
        merged.set(key, keyValue);
        original.set(at, merged);
      } else {
        original.add(clean(element));
      }
    }
    return ListOrder.arrange(original, patch, serverOrder, key);
  }

  private static void retainKeys(ObjectNode original, ObjectNode patch) {
    JsonNode directive = patch.remove(RETAIN);
    if (directive == null) {
      return;
    }
    if (!directive.isArray()) {
      throw Refusals.badRequest("invalid patch format of retainKeys");
    }
    Set<String> keys = new HashSet<>();
    directive.forEach(key -> keys.add(key.asString()));
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      String key = entry.getKey();
      if (!entry.getValue().isNull()
          && !key.startsWith(ORDER)
          && !key.startsWith(DELETE_FROM)
          && !keys.contains(key)) {
        throw Refusals.badRequest("invalid patch format of retainKeys");
      }
    }
    original.retain(keys);
  }

  /** Handles the lists that come with {@code $setElementOrder}, and removes them from the patch. */
  private void ordered(ObjectNode original, ObjectNode patch, @Nullable ObjectType type) {
    List<String> directives =
        patch.properties().stream()
            .map(Map.Entry::getKey)
            .filter(key -> key.startsWith(ORDER))
            .toList();
    for (String directive : directives) {
      String name = directive.substring(ORDER.length());
      if (!(patch.remove(directive) instanceof ArrayNode order)) {
        throw Refusals.badRequest("invalid patch format of setElementOrder list");
      }
      Field field = type == null ? null : type.field(name);
      String key = field == null ? "" : field.merge().key();
      JsonNode patched = patch.get(name);
      if (patched != null && patched.isNull()) {
        continue;
      }
      JsonNode stored = original.get(name);
      if ((patched != null && !patched.isArray()) || (stored != null && !stored.isArray())) {
        throw Refusals.badRequest("invalid patch format of setElementOrder list");
      }
      patch.remove(name);
      ArrayNode serverOrder =
          stored == null ? JsonNodeFactory.instance.arrayNode() : (ArrayNode) stored.deepCopy();
      ArrayNode merged;
      if (patched instanceof ArrayNode additions) {
        ListOrder.requireSameOrder(additions, order, key);
        merged =
            stored instanceof ArrayNode list
                ? list(list, additions, field)
                : (ArrayNode) clean(additions);
      } else if (stored instanceof ArrayNode list) {
        merged = list;
      } else {
        continue;
      }
      original.set(name, ListOrder.arrange(merged, order, serverOrder, key));
    }
  }

  private static void deleteFrom(ObjectNode original, String key, JsonNode gone) {
    if (!gone.isArray()) {
      throw Refusals.badRequest("invalid patch format of primitive list");
    }
    if (original.get(key) instanceof ArrayNode list) {
      ArrayNode kept = JsonNodeFactory.instance.arrayNode();
      for (JsonNode item : list) {
        if (ListOrder.index((ArrayNode) gone, item, "") < 0) {
          kept.add(item);
        }
      }
      original.set(key, kept);
    }
  }

  private static void removeMatching(ArrayNode list, ObjectNode element, String key) {
    int at;
    while ((at = ListOrder.index(list, element, key)) >= 0) {
      list.remove(at);
    }
  }

  private static ObjectNode element(JsonNode item) {
    if (item instanceof ObjectNode object) {
      return object;
    }
    throw Refusals.internal("expected a map, but received a " + GoText.jsonType(item));
  }

  private static void requireKey(ObjectNode element, String key) {
    if (!element.has(key)) {
      throw Refusals.internal(
          "map: " + GoText.map(element) + " does not contain declared merge key: " + key);
    }
  }

  /** A value that is new: without directives, and without what they or nulls delete. */
  private static JsonNode clean(JsonNode value) {
    if (value instanceof ObjectNode object) {
      Iterator<Map.Entry<String, JsonNode>> entries = object.properties().iterator();
      while (entries.hasNext()) {
        Map.Entry<String, JsonNode> entry = entries.next();
        if (entry.getValue().isNull() || directive(entry.getKey())) {
          entries.remove();
        } else {
          clean(entry.getValue());
        }
      }
    } else if (value instanceof ArrayNode list) {
      for (int i = list.size() - 1; i >= 0; i--) {
        if (list.get(i).isObject() && list.get(i).has(PATCH)) {
          list.remove(i);
        } else {
          clean(list.get(i));
        }
      }
    }
    return value;
  }

  private static boolean directive(String key) {
    return key.equals(PATCH)
        || key.equals(RETAIN)
        || key.startsWith(ORDER)
        || key.startsWith(DELETE_FROM);
  }

  private static RuntimeException badDirective(JsonNode directive, ObjectNode map) {
    return Refusals.internal(
        "unknown patch type: " + GoText.map(directive) + " in map: " + GoText.map(map));
  }
}
