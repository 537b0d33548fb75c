package minik8s.apiserver.admission;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Short ways to read and complete documents whose types have been checked. Stateless. A null counts
 * as absent, as it does for Kubernetes' decoder.
 */
final class Docs {
  private Docs() {}

  static boolean absent(JsonNode parent, String field) {
    JsonNode value = parent.get(field);
    return value == null || value.isNull();
  }

  static boolean present(JsonNode parent, String field) {
    return !absent(parent, field);
  }

  /** Absent, null or the empty string. */
  static boolean blank(JsonNode parent, String field) {
    JsonNode value = parent.get(field);
    return value == null || value.isNull() || (value.isString() && value.asString().isEmpty());
  }

  /** The text of a field, empty when absent. */
  static String text(JsonNode parent, String field) {
    JsonNode value = parent.get(field);
    return value == null || value.isNull() ? "" : value.asString("");
  }

  static boolean isTrue(JsonNode parent, String field) {
    JsonNode value = parent.get(field);
    return value != null && value.asBoolean(false);
  }

  static @Nullable ObjectNode object(JsonNode parent, String field) {
    return parent.get(field) instanceof ObjectNode object ? object : null;
  }

  /** The object in a field, created when absent. */
  static ObjectNode ensure(ObjectNode parent, String field) {
    return parent.get(field) instanceof ObjectNode object ? object : parent.putObject(field);
  }

  /** The list in a field, created when absent. */
  static ArrayNode ensureList(ObjectNode parent, String field) {
    return parent.get(field) instanceof ArrayNode list ? list : parent.putArray(field);
  }

  /** The objects in a list; none when it is absent. */
  static List<ObjectNode> objects(JsonNode parent, String field) {
    JsonNode list = parent.get(field);
    if (list == null || !list.isArray() || list.isEmpty()) {
      return List.of();
    }
    List<ObjectNode> result = new ArrayList<>(list.size());
    for (JsonNode each : list) {
      if (each instanceof ObjectNode object) {
        result.add(object);
      }
    }
    return result;
  }

  static boolean isEmptyList(JsonNode parent, String field) {
    JsonNode list = parent.get(field);
    return list == null || list.isEmpty();
  }

  static void fill(ObjectNode parent, String field, String value) {
    if (blank(parent, field)) {
      parent.put(field, value);
    }
  }

  static void fill(ObjectNode parent, String field, int value) {
    if (absent(parent, field)) {
      parent.put(field, value);
    }
  }

  /** For counts whose zero means unset, such as a probe's period. */
  static void fillZero(ObjectNode parent, String field, int value) {
    JsonNode present = parent.get(field);
    if (present == null || present.isNull() || (present.isInt() && present.intValue() == 0)) {
      parent.put(field, value);
    }
  }

  static void fill(ObjectNode parent, String field, boolean value) {
    if (absent(parent, field)) {
      parent.put(field, value);
    }
  }

  static void fillObject(ObjectNode parent, String field) {
    if (absent(parent, field)) {
      parent.putObject(field);
    }
  }

  /** Copies a field as it is, or its absence. */
  static void copy(ObjectNode to, JsonNode from, String field) {
    JsonNode value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value.deepCopy());
    }
  }

  /** Whether two fields hold the same; null, absent and empty containers count as the same. */
  static boolean same(JsonNode a, JsonNode b, String field) {
    return same(a.get(field), b.get(field));
  }

  static boolean same(@Nullable JsonNode a, @Nullable JsonNode b) {
    if (a == null || nothing(a)) {
      return b == null || nothing(b);
    }
    return b != null && !nothing(b) && Equality.equal(a, b);
  }

  private static boolean nothing(JsonNode node) {
    return node.isNull() || node.isMissingNode() || (node.isContainer() && node.isEmpty());
  }
}
