package minik8s.apiserver.table;

import java.util.Map;
import minik8s.api.Quantity;
import tools.jackson.databind.JsonNode;

/** Usage of nodes and pods as rows. Stateless. Source: metrics-server's table converter. */
final class MetricsPrinters {
  private static final String[] COLUMNS = {"cpu", "memory", "window"};

  private MetricsPrinters() {}

  static void addTo(Map<String, Printer> printers) {
    printers.put(
        "metrics.k8s.io/nodes",
        Printer.of(
            Column.named(COLUMNS),
            (doc, row, _) -> {
              long cores = Quantity.of(doc.path("usage").path("cpu").asString("0")).milliValue();
              long bytes = Quantity.of(doc.path("usage").path("memory").asString("0")).value();
              row(row, cores, bytes, doc);
            }));
    printers.put(
        "metrics.k8s.io/pods",
        Printer.of(
            Column.named(COLUMNS),
            (doc, row, _) -> {
              long cores = 0;
              long bytes = 0;
              for (JsonNode container : doc.path("containers")) {
                JsonNode usage = container.path("usage");
                cores += Quantity.of(usage.path("cpu").asString("0")).milliValue();
                bytes += Quantity.of(usage.path("memory").asString("0")).value();
              }
              row(row, cores, bytes, doc);
            }));
  }

  private static void row(Printer.Row row, long cores, long bytes, JsonNode doc) {
    row.text(cores + "m").text(bytes / 1024 + "Ki").text(doc.path("window").asString(""));
  }
}
