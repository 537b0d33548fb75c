package minik8s.apiserver.kinds;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code autoscaling/v1} Scale view of objects. Stateless. */
public final class Scales {
  private Scales() {}

  /** The Scale document of an object whose kind has {@code /scale}. */
  public static ObjectNode of(ScalePaths paths, JsonNode doc) {
    ObjectNode scale = JsonNodeFactory.instance.objectNode();
    scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      JsonNode value = doc.path("metadata").get(field);
      if (value != null) {
        metadata.set(field, value);
      }
    }
    ObjectNode spec = scale.putObject("spec");
    JsonNode wanted = at(doc, paths.specReplicas());
    if (wanted.isNumber()) {
      spec.put("replicas", wanted.asInt());
    }
    ObjectNode status = scale.putObject("status");
    status.put("replicas", at(doc, paths.statusReplicas()).asInt(0));
    String selector = paths.selector().isEmpty() ? "" : selector(at(doc, paths.selector()));
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  /** Writes the wanted count of a Scale document into an object. */
  public static void apply(ScalePaths paths, ObjectNode doc, JsonNode scale) {
    String[] steps = paths.specReplicas().split("\\.");
    ObjectNode parent = doc;
    for (int i = 0; i < steps.length - 1; i++) {
      JsonNode next = parent.get(steps[i]);
      parent = next instanceof ObjectNode object ? object : parent.putObject(steps[i]);
    }
    parent.put(steps[steps.length - 1], scale.path("spec").path("replicas").asInt(0));
  }

  private static JsonNode at(JsonNode doc, String path) {
    JsonNode node = doc;
    for (String step : path.split("\\.")) {
      node = node.path(step);
      if (node.isMissingNode()) {
        return MissingNode.getInstance();
      }
    }
    return node;
  }

  /** A label selector, or a plain map of labels, or a string, as query text. */
  public static String selector(JsonNode selector) {
    if (selector.isString()) {
      return selector.asString();
    }
    List<String> terms = new ArrayList<>();
    boolean structured = selector.has("matchLabels") || selector.has("matchExpressions");
    JsonNode labels = structured ? selector.path("matchLabels") : selector;
    labels.propertyStream().forEach(e -> terms.add(e.getKey() + "=" + e.getValue().asString("")));
    for (JsonNode expression : selector.path("matchExpressions")) {
      terms.add(term(expression));
    }
    terms.sort(null);
    return String.join(",", terms);
  }

  private static String term(JsonNode expression) {
    String key = expression.path("key").asString("");
    String values =
        expression
            .path("values")
            .valueStream()
            .map(v -> v.asString(""))
            .sorted()
            .reduce((a, b) -> a + "," + b)
            .orElse("");
    return switch (expression.path("operator").asString("")) {
      case "In" -> key + " in (" + values + ")";
      case "NotIn" -> key + " notin (" + values + ")";
      case "DoesNotExist" -> "!" + key;
      default -> key;
    };
  }
}
