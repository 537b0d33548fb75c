package minik8s.apiserver.table;

import static minik8s.apiserver.table.Texts.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Autoscalers and disruption budgets as rows. Stateless. */
final class ScalingPrinters {
  private ScalingPrinters() {}

  static void addTo(Map<String, Printer> printers) {
    printers.put(
        "autoscaling/horizontalpodautoscalers",
        Printer.of(
            Column.named("Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age"),
            ScalingPrinters::autoscaler));
    printers.put(
        "policy/poddisruptionbudgets",
        Printer.of(
            Column.named("Min Available", "Max Unavailable", "Allowed Disruptions:integer", "Age"),
            ScalingPrinters::budget));
  }

  private static void budget(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    for (String field : List.of("minAvailable", "maxUnavailable")) {
      String value = text(spec, field);
      row.text(value.isEmpty() ? "N/A" : value);
    }
    row.number(Texts.number(doc.path("status"), "disruptionsAllowed")).text(Texts.age(doc, now));
  }

  private static void autoscaler(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    JsonNode target = spec.path("scaleTargetRef");
    row.text(text(target, "kind") + "/" + text(target, "name")).text(targets(doc));
    String least = text(spec, "minReplicas");
    row.text(least.isEmpty() ? Texts.UNSET : least).number(Texts.number(spec, "maxReplicas"));
    row.number(Texts.number(doc.path("status"), "currentReplicas")).text(Texts.age(doc, now));
  }

  private static String targets(JsonNode doc) {
    JsonNode spec = doc.path("spec");
    if (spec.has("targetCPUUtilizationPercentage")) {
      JsonNode current = doc.path("status").path("currentCPUUtilizationPercentage");
      String now = current.isNumber() ? current.asString() + "%" : Texts.UNKNOWN;
      return "cpu: " + now + "/" + text(spec, "targetCPUUtilizationPercentage") + "%";
    }
    List<String> all = new ArrayList<>();
    int index = 0;
    for (JsonNode metric : spec.path("metrics")) {
      all.add(target(metric, doc.path("status").path("currentMetrics").path(index++)));
    }
    if (all.isEmpty()) {
      return Texts.NONE;
    }
    return all.size() > 2
        ? String.join(", ", all.subList(0, 2)) + " + " + (all.size() - 2) + " more..."
        : String.join(", ", all);
  }

  private static String target(JsonNode metric, JsonNode observed) {
    String type = text(metric, "type");
    String field =
        switch (type) {
          case "ContainerResource" -> "containerResource";
          default -> type.toLowerCase(java.util.Locale.ROOT);
        };
    JsonNode source = metric.path(field);
    JsonNode wanted = source.path("target");
    JsonNode current = observed.path(field).path("current");
    String text;
    if (wanted.path("averageUtilization").isNumber()) {
      JsonNode now = current.path("averageUtilization");
      text =
          (now.isNumber() ? now.asString() + "%" : Texts.UNKNOWN)
              + "/"
              + wanted.path("averageUtilization").asString()
              + "%";
    } else {
      String amount = wanted.has("averageValue") ? "averageValue" : "value";
      String now = text(current, amount);
      text = (now.isEmpty() ? Texts.UNKNOWN : now) + "/" + text(wanted, amount);
      if (amount.equals("averageValue") && !type.endsWith("Resource")) {
        text += " (avg)";
      }
    }
    return type.endsWith("Resource") ? text(source, "name") + ": " + text : text;
  }
}
