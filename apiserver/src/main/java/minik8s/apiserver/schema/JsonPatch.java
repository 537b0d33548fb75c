package minik8s.apiserver.schema;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON patch (RFC 6902) and JSON merge patch (RFC 7396) on trees. Stateless. */
final class JsonPatch {
  private static final int MAX_OPERATIONS = 10_000;

  /** Numbers are equal by value: 1 and 1.0. */
  private static final Comparator<JsonNode> NUMBERS =
      (a, b) -> {
        boolean same = (a.isNumber() && b.isNumber()) ? a.asDouble() == b.asDouble() : a.equals(b);
        return same ? 0 : 1;
      };

  private JsonPatch() {}

  /** An operation that does not apply to this document. */
  private static final class NotApplicable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotApplicable(String message) {
      super(message, null, false, false);
    }
  }

  /** Applies the operations one after the other, changing {@code document}. */
  static ObjectNode apply(ObjectNode document, JsonNode operations) {
    if (!operations.isArray()) {
      throw Refusals.badRequest(
          "error decoding patch: json: cannot unmarshal "
              + GoText.jsonType(operations)
              + " into Go value of type jsonpatch.Patch");
    }
    if (operations.size() > MAX_OPERATIONS) {
      throw minik8s.api.Failure.tooLarge(
              "The allowed maximum operations in a JSON patch is "
                  + MAX_OPERATIONS
                  + ", got "
                  + operations.size())
          .asException();
    }
    JsonNode root = document;
    try {
      for (JsonNode operation : operations) {
        root = step(root, operation);
      }
    } catch (NotApplicable e) {
      throw Refusals.unprocessable(
          "the server rejected our request due to an error in our request: " + e.getMessage());
    }
    if (root instanceof ObjectNode object) {
      return object;
    }
    throw Refusals.unprocessable("the patch does not leave an object");
  }

  private static JsonNode step(JsonNode root, JsonNode operation) {
    String op = operation.path("op").asString("");
    String path = text(operation, "path", op);
    return switch (op) {
      case "add" -> add(root, path, value(operation, op));
      case "remove" -> remove(root, path, op);
      case "replace" -> replace(root, path, value(operation, op));
      case "move" -> move(root, text(operation, "from", op), path);
      case "copy" -> {
        String from = text(operation, "from", op);
        yield add(root, path, require(find(root, from), op, from).deepCopy());
      }
      case "test" -> test(root, path, operation.get("value"));
      default -> throw new NotApplicable("Unexpected kind: " + op);
    };
  }

  private static JsonNode replace(JsonNode root, String path, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    require(find(root, path), "replace", path);
    return set(root, path, value);
  }

  private static JsonNode move(JsonNode root, String from, String path) {
    JsonNode moved = require(find(root, from), "move", from);
    if (path.startsWith(from + "/")) {
      throw new NotApplicable("move operation does not apply: " + path + " is inside " + from);
    }
    return add(remove(root, from, "move"), path, moved);
  }

  private static JsonNode test(JsonNode root, String path, @Nullable JsonNode wanted) {
    JsonNode found = find(root, path);
    boolean absent = found == null || found.isNull();
    boolean holds = (wanted == null || wanted.isNull()) ? absent : equal(found, wanted);
    if (!holds) {
      throw new NotApplicable("testing value " + path + " failed: test failed");
    }
    return root;
  }

  private static boolean equal(@Nullable JsonNode found, JsonNode wanted) {
    return found != null && (found.equals(wanted) || found.equals(NUMBERS, wanted));
  }

  private static JsonNode value(JsonNode operation, String op) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw new NotApplicable(op + " operation does not apply: the operation has no value");
    }
    return value.deepCopy();
  }

  private static String text(JsonNode operation, String field, String op) {
    JsonNode value = operation.get(field);
    if (value == null || !value.isString()) {
      throw new NotApplicable(op + " operation missing '" + field + "' field");
    }
    String path = value.asString();
    if (!path.isEmpty() && path.charAt(0) != '/') {
      throw new NotApplicable(op + " operation does not apply: bad path " + GoText.quote(path));
    }
    return path;
  }

  private static JsonNode require(@Nullable JsonNode found, String op, String path) {
    if (found == null) {
      throw new NotApplicable(
          op + " operation does not apply: doc is missing path: " + path + ": missing value");
    }
    return found;
  }

  private static JsonNode parent(JsonNode root, String path, String op) {
    String parentPath = path.substring(0, path.lastIndexOf('/'));
    return require(find(root, parentPath), op, path);
  }

  private static JsonNode add(JsonNode root, String path, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    JsonNode parent = parent(root, path, "add");
    String last = unescape(path.substring(path.lastIndexOf('/') + 1));
    if (parent instanceof ArrayNode list) {
      int at = last.equals("-") ? list.size() : index(list, last, list.size() + 1);
      if (at < 0) {
        throw new NotApplicable(
            "add operation does not apply: unable to access invalid index: " + last);
      }
      list.insert(at, value);
      return root;
    }
    return set(root, path, value);
  }

  private static JsonNode set(JsonNode root, String path, JsonNode value) {
    JsonNode parent = parent(root, path, "replace");
    String last = unescape(path.substring(path.lastIndexOf('/') + 1));
    if (parent instanceof ObjectNode object) {
      object.set(last, value);
    } else if (parent instanceof ArrayNode list) {
      list.set(index(list, last, list.size()), value);
    } else {
      throw new NotApplicable("doc is missing path: " + path + ": missing value");
    }
    return root;
  }

  private static JsonNode remove(JsonNode root, String path, String op) {
    require(path.isEmpty() ? null : find(root, path), op, path);
    JsonNode parent = parent(root, path, op);
    String last = unescape(path.substring(path.lastIndexOf('/') + 1));
    if (parent instanceof ObjectNode object) {
      object.remove(last);
    } else if (parent instanceof ArrayNode list) {
      list.remove(index(list, last, list.size()));
    }
    return root;
  }

  private static @Nullable JsonNode find(JsonNode root, String path) {
    JsonNode at = root;
    List<String> steps = path.isEmpty() ? List.of() : List.of(path.substring(1).split("/", -1));
    for (String step : steps) {
      String name = unescape(step);
      if (at instanceof ArrayNode list) {
        int index = index(list, name, list.size());
        if (index < 0) {
          return null;
        }
        at = list.get(index);
      } else {
        JsonNode child = at.get(name);
        if (child == null) {
          return null;
        }
        at = child;
      }
    }
    return at;
  }

  /** A list index below {@code limit}; negative ones count from the end. -1 if it is none. */
  private static int index(ArrayNode list, String text, int limit) {
    try {
      int index = Integer.parseInt(text);
      int at = index < 0 ? list.size() + index : index;
      return at < limit ? Math.max(at, -1) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String unescape(String step) {
    return step.indexOf('~') < 0 ? step : step.replace("~1", "/").replace("~0", "~");
  }

  /** Merges by RFC 7396, changing {@code document}. */
  static ObjectNode merge(ObjectNode document, JsonNode patch) {
    if (!patch.isObject()) {
      throw Refusals.badRequest(
          "error decoding patch: json: cannot unmarshal "
              + GoText.jsonType(patch)
              + " into Go value of type map[string]interface {}");
    }
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      String name = entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isNull()) {
        document.remove(name);
      } else if (value.isObject()) {
        ObjectNode target =
            document.get(name) instanceof ObjectNode old
                ? old
                : JsonNodeFactory.instance.objectNode();
        document.set(name, merge(target, value));
      } else {
        document.set(name, value);
      }
    }
    return document;
  }
}
