package minik8s.apiserver.table;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Renders documents as {@code meta.k8s.io/v1} Tables. Thread-safe. */
public final class Tables {
  private static final Map<String, Printer> BUILT_IN = builtIn();
  private static final Printer AGED =
      Printer.of(Column.named("Age"), (doc, row, now) -> row.text(Texts.age(doc, now)));

  private final Map<Kind, Printer> custom = new ConcurrentHashMap<>();

  private static Map<String, Printer> builtIn() {
    Map<String, Printer> printers = new HashMap<>();
    WorkloadPrinters.addTo(printers);
    NetworkPrinters.addTo(printers);
    ClusterPrinters.addTo(printers);
    StoragePrinters.addTo(printers);
    ScalingPrinters.addTo(printers);
    MetricsPrinters.addTo(printers);
    return Map.copyOf(printers);
  }

  private Printer printer(Kind kind) {
    if (!kind.custom()) {
      return BUILT_IN.getOrDefault(kind.group() + "/" + kind.plural(), AGED);
    }
    return custom.computeIfAbsent(kind, k -> new CustomPrinter(k.columns()));
  }

  /**
   * A Table of rows.
   *
   * <p>The caller fills in {@code metadata.resourceVersion}, {@code continue} and {@code
   * remainingItemCount} of the answer.
   *
   * @param docs in the version of {@code kind}
   * @param now what ages are counted to
   */
  public ObjectNode table(
      Kind kind, List<? extends JsonNode> docs, IncludeObject include, Instant now) {
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata");
    table.set("columnDefinitions", columnDefinitions(kind));
    ArrayNode rows = table.putArray("rows");
    for (JsonNode doc : docs) {
      rows.add(row(kind, doc, include, now));
    }
    return table;
  }

  /** The columns of a kind. */
  public JsonNode columnDefinitions(Kind kind) {
    ArrayNode definitions = JsonNodeFactory.instance.arrayNode();
    for (Column column : printer(kind).columns()) {
      ObjectNode definition = definitions.addObject().put("name", column.name());
      definition.put("type", column.type()).put("format", column.format());
      definition.put("description", column.description()).put("priority", column.priority());
    }
    return definitions;
  }

  /** One row. */
  public ObjectNode row(Kind kind, JsonNode doc, IncludeObject include, Instant now) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    Printer printer = printer(kind);
    printer.print(doc, new Printer.Row(row.putArray("cells")), now);
    ArrayNode conditions = JsonNodeFactory.instance.arrayNode();
    printer.conditions(doc, conditions);
    if (!conditions.isEmpty()) {
      row.set("conditions", conditions);
    }
    switch (include) {
      case OBJECT -> row.set("object", doc);
      case METADATA -> {
        ObjectNode partial = row.putObject("object");
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", doc.path("metadata"));
      }
      case NONE -> row.putNull("object");
    }
    return row;
  }

  /**
   * The Table of one row that a watch event carries.
   *
   * @param first whether it is the first event of its watch, the only one to carry the columns
   */
  public ObjectNode event(
      Kind kind, JsonNode doc, IncludeObject include, Instant now, boolean first) {
    ObjectNode table = table(kind, List.of(doc), include, now);
    if (!first) {
      table.putNull("columnDefinitions");
    }
    JsonNode version = doc.path("metadata").get("resourceVersion");
    if (version != null) {
      table.withObjectProperty("metadata").set("resourceVersion", version);
    }
    return table;
  }
}
