package minik8s.apiserver.table;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A path through a document, of the part of JSONPath that printer columns use: {@code .a.b}, {@code
 * [0]}, {@code [*]}, {@code ['a.b']}, {@code [?(@.type=="Ready")]}. Immutable.
 *
 * <p>A path that is not understood finds nothing.
 */
final class JsonPath {
  @FunctionalInterface
  private interface Step {
    void walk(JsonNode node, List<JsonNode> found);
  }

  private final List<Step> steps;

  private JsonPath(List<Step> steps) {
    this.steps = steps;
  }

  static JsonPath compile(String text) {
    String path =
        text.startsWith("{") && text.endsWith("}") ? text.substring(1, text.length() - 1) : text;
    List<Step> steps = new ArrayList<>();
    int at = path.startsWith("$") ? 1 : 0;
    while (at < path.length()) {
      char c = path.charAt(at);
      if (c == '[') {
        int end = closing(path, at);
        if (end < 0) {
          return nothing();
        }
        steps.add(bracket(path.substring(at + 1, end).strip()));
        at = end + 1;
      } else {
        int start = c == '.' ? at + 1 : at;
        StringBuilder field = new StringBuilder();
        at = start;
        while (at < path.length() && path.charAt(at) != '.' && path.charAt(at) != '[') {
          if (path.charAt(at) == '\\' && at + 1 < path.length()) {
            at++;
          }
          field.append(path.charAt(at++));
        }
        if (!field.isEmpty()) {
          steps.add(field(field.toString()));
        } else if (at == start && at < path.length() && path.charAt(at) != '[') {
          return nothing();
        }
      }
    }
    return new JsonPath(List.copyOf(steps));
  }

  private static JsonPath nothing() {
    return new JsonPath(List.of((node, found) -> {}));
  }

  private static int closing(String path, int open) {
    char quote = 0;
    for (int i = open + 1; i < path.length(); i++) {
      char c = path.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == ']') {
        return i;
      }
    }
    return -1;
  }

  private static Step field(String name) {
    if (name.equals("*")) {
      return (node, found) -> node.forEach(found::add);
    }
    return (node, found) -> {
      JsonNode value = node.get(name);
      if (value != null) {
        found.add(value);
      }
    };
  }

  private static Step bracket(String inner) {
    if (inner.equals("*")) {
      return (node, found) -> node.forEach(found::add);
    }
    if (inner.startsWith("?(") && inner.endsWith(")")) {
      return filter(inner.substring(2, inner.length() - 1));
    }
    if (inner.length() > 1 && (inner.startsWith("'") || inner.startsWith("\""))) {
      return field(inner.substring(1, inner.length() - 1));
    }
    try {
      int index = Integer.parseInt(inner);
      return (node, found) -> {
        int i = index < 0 ? node.size() + index : index;
        if (node.isArray() && i >= 0 && i < node.size()) {
          found.add(node.get(i));
        }
      };
    } catch (NumberFormatException e) {
      return (node, found) -> {};
    }
  }

  private static Step filter(String condition) {
    boolean equal = condition.contains("==");
    int operator = equal ? condition.indexOf("==") : condition.indexOf("!=");
    String left = operator < 0 ? condition : condition.substring(0, operator);
    if (!left.strip().startsWith("@")) {
      return (node, found) -> {};
    }
    JsonPath path = compile(left.strip().substring(1));
    if (operator < 0) {
      return (node, found) ->
          node.forEach(each -> {
            if (!path.find(each).isEmpty()) {
              found.add(each);
            }
          });
    }
    String right = unquoted(condition.substring(operator + 2).strip());
    return (node, found) ->
        node.forEach(each -> {
          boolean same = path.find(each).stream().anyMatch(v -> v.asString("").equals(right));
          if (same == equal) {
            found.add(each);
          }
        });
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() > 1
            && (text.startsWith("'") || text.startsWith("\""))
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /** Everything that the path leads to, in order. */
  List<JsonNode> find(JsonNode document) {
    List<JsonNode> present = List.of(document);
    for (Step step : steps) {
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : present) {
        step.walk(node, next);
      }
      present = next;
    }
    return present;
  }
}
