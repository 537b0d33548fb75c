package minik8s.apiserver.kinds;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One metric of an autoscaler, in the flat form of {@code autoscaling/v1} annotations and in the
 * nested form of {@code v2}. Stateless.
 */
final class MetricForms {
  private MetricForms() {}

  /**
   * @param part {@code target} for wishes, {@code current} for observations
   */
  static ObjectNode toVersion2(JsonNode metric, String part) {
    String type = metric.path("type").asString("");
    String field = field(type);
    JsonNode old = metric.path(field);
    ObjectNode result = JsonNodeFactory.instance.objectNode().put("type", type);
    ObjectNode source = result.putObject(field);
    ObjectNode amount = JsonNodeFactory.instance.objectNode();
    boolean average = type.equals("Pods") || type.endsWith("Resource");
    move(amount, "averageUtilization", old.get(part + "AverageUtilization"));
    move(amount, "averageValue", old.get(part + "AverageValue"));
    move(amount, "averageValue", old.get("averageValue"));
    if (!average) {
      move(amount, "value", old.get(part + "Value"));
    }
    if (part.equals("target")) {
      amount.put(
          "type",
          amount.has("averageUtilization")
              ? "Utilization"
              : amount.has("averageValue") ? "AverageValue" : "Value");
    }
    move(source, "name", old.get("name"));
    move(source, "container", old.get("container"));
    move(source, "describedObject", old.get("target"));
    if (old.has("metricName")) {
      ObjectNode identifier = source.putObject("metric");
      identifier.set("name", old.path("metricName"));
      move(
          identifier, "selector", old.get(type.equals("External") ? "metricSelector" : "selector"));
    }
    source.set(part, amount);
    return result;
  }

  /** The reverse of {@link #toVersion2}. */
  static ObjectNode toVersion1(JsonNode metric, String part) {
    String type = metric.path("type").asString("");
    String field = field(type);
    JsonNode source = metric.path(field);
    JsonNode amount = source.path(part);
    ObjectNode result = JsonNodeFactory.instance.objectNode().put("type", type);
    ObjectNode old = result.putObject(field);
    move(old, "name", source.get("name"));
    move(old, "container", source.get("container"));
    move(old, "target", source.get("describedObject"));
    move(old, "metricName", source.path("metric").get("name"));
    move(
        old,
        type.equals("External") ? "metricSelector" : "selector",
        source.path("metric").get("selector"));
    move(old, part + "AverageUtilization", amount.get("averageUtilization"));
    move(
        old,
        type.equals("Object") ? "averageValue" : part + "AverageValue",
        amount.get("averageValue"));
    move(old, part + "Value", amount.get("value"));
    return result;
  }

  private static String field(String type) {
    return type.isEmpty() ? "" : type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
  }

  private static void move(ObjectNode to, String field, @Nullable JsonNode value) {
    if (value != null && !value.isNull()) {
      to.set(field, value);
    }
  }
}
