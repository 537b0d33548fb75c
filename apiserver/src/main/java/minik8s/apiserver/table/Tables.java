package minik8s.apiserver.table;

import java.time.Instant;
import java.util.List;
import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Renders documents as {@code meta.k8s.io/v1} Tables. Thread-safe. */
public final class Tables {
  /**
   * A Table of rows.
   *
   * <p>The caller fills in {@code metadata.resourceVersion}, {@code continue} and {@code
   * remainingItemCount} of the answer.
   *
   * @param docs in the version of {@code kind}
   * @param now what ages are counted to
   */
  public ObjectNode table(Kind kind, List<ObjectNode> docs, IncludeObject include, Instant now) {
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata");
    table.set("columnDefinitions", columnDefinitions(kind));
    ArrayNode rows = table.putArray("rows");
    docs.forEach(doc -> rows.add(row(kind, doc, include, now)));
    return table;
  }

  /** The columns of a kind. */
  public JsonNode columnDefinitions(Kind kind) {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** One row. */
  public ObjectNode row(Kind kind, ObjectNode doc, IncludeObject include, Instant now) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.putArray("cells").add(doc.path("metadata").path("name").asString(""));
    return row;
  }

  /**
   * The Table of one row that a watch event carries.
   *
   * @param first whether it is the first event of its watch, the only one to carry the columns
   */
  public ObjectNode event(
      Kind kind, ObjectNode doc, IncludeObject include, Instant now, boolean first) {
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
