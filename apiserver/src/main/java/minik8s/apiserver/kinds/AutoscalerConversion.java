package minik8s.apiserver.kinds;

import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Autoscalers between {@code autoscaling/v1}, which knows only a target for the CPU, and {@code
 * v2}; what v1 cannot say travels in annotations. Stateless.
 *
 * <p>Source: Kubernetes' {@code pkg/apis/autoscaling/v1/conversion.go}.
 */
final class AutoscalerConversion {
  private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
  private static final String METRICS = PREFIX + "metrics";
  private static final String CURRENT = PREFIX + "current-metrics";
  private static final String CONDITIONS = PREFIX + "conditions";
  private static final String BEHAVIOR = PREFIX + "behavior";
  private static final String CPU_TARGET = "targetCPUUtilizationPercentage";
  private static final String CPU_NOW = "currentCPUUtilizationPercentage";

  private AutoscalerConversion() {}

  static void toVersion2(ObjectNode doc) {
    ObjectNode annotations = annotations(doc);
    if (doc.get("spec") instanceof ObjectNode spec) {
      ArrayNode metrics = JsonNodeFactory.instance.arrayNode();
      JsonNode cpu = spec.remove(CPU_TARGET);
      if (cpu != null && cpu.isNumber()) {
        metrics.add(cpuMetric("target", cpu));
      }
      taken(annotations, METRICS).forEach(m -> metrics.add(MetricForms.toVersion2(m, "target")));
      if (!metrics.isEmpty()) {
        spec.set("metrics", metrics);
      }
      JsonNode behavior = taken(annotations, BEHAVIOR);
      if (behavior.isObject()) {
        spec.set("behavior", behavior);
      }
    }
    if (doc.get("status") instanceof ObjectNode status) {
      ArrayNode current = JsonNodeFactory.instance.arrayNode();
      JsonNode cpu = status.remove(CPU_NOW);
      if (cpu != null && cpu.isNumber()) {
        current.add(cpuMetric("current", cpu));
      }
      taken(annotations, CURRENT).forEach(m -> current.add(MetricForms.toVersion2(m, "current")));
      status.set("currentMetrics", current);
      JsonNode conditions = taken(annotations, CONDITIONS);
      if (conditions.isArray()) {
        status.set("conditions", conditions);
      }
    }
    dropEmpty(doc, annotations);
  }

  static void toVersion1(ObjectNode doc) {
    ObjectNode annotations = annotations(doc);
    if (doc.get("spec") instanceof ObjectNode spec) {
      ArrayNode others = JsonNodeFactory.instance.arrayNode();
      JsonNode cpu = split(spec.remove("metrics"), "target", others);
      if (cpu != null) {
        spec.set(CPU_TARGET, cpu);
      }
      keep(annotations, METRICS, others);
      keep(annotations, BEHAVIOR, spec.remove("behavior"));
    }
    if (doc.get("status") instanceof ObjectNode status) {
      ArrayNode others = JsonNodeFactory.instance.arrayNode();
      JsonNode cpu = split(status.remove("currentMetrics"), "current", others);
      if (cpu != null) {
        status.set(CPU_NOW, cpu);
      }
      keep(annotations, CURRENT, others);
      keep(annotations, CONDITIONS, status.remove("conditions"));
    }
    dropEmpty(doc, annotations);
  }

  /** The percentage of the first CPU metric; everything else goes to {@code others}. */
  private static @Nullable JsonNode split(
      @Nullable JsonNode metrics, String part, ArrayNode others) {
    JsonNode cpu = null;
    if (metrics == null) {
      return null;
    }
    for (JsonNode metric : metrics) {
      JsonNode percent = metric.path("resource").path(part).path("averageUtilization");
      boolean isCpu =
          metric.path("type").asString("").equals("Resource")
              && metric.path("resource").path("name").asString("").equals("cpu")
              && percent.isNumber();
      if (isCpu && cpu == null) {
        cpu = percent;
      } else {
        others.add(MetricForms.toVersion1(metric, part));
      }
    }
    return cpu;
  }

  private static ObjectNode cpuMetric(String part, JsonNode percent) {
    ObjectNode metric = JsonNodeFactory.instance.objectNode().put("type", "Resource");
    ObjectNode value = metric.putObject("resource").put("name", "cpu").putObject(part);
    if (part.equals("target")) {
      value.put("type", "Utilization");
    }
    value.set("averageUtilization", percent);
    return metric;
  }

  private static ObjectNode annotations(ObjectNode doc) {
    return doc.withObjectProperty("metadata").withObjectProperty("annotations");
  }

  private static void dropEmpty(ObjectNode doc, ObjectNode annotations) {
    if (annotations.isEmpty()) {
      doc.withObjectProperty("metadata").remove("annotations");
    }
  }

  private static void keep(ObjectNode annotations, String name, @Nullable JsonNode value) {
    if (value != null && !value.isEmpty()) {
      annotations.put(name, value.toString());
    }
  }

  private static JsonNode taken(ObjectNode annotations, String name) {
    JsonNode text = annotations.remove(name);
    if (text == null) {
      return JsonNodeFactory.instance.missingNode();
    }
    try {
      return Json.parse(text.asString(""));
    } catch (JacksonException e) {
      // As Kubernetes does: an annotation that is no JSON says nothing.
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
