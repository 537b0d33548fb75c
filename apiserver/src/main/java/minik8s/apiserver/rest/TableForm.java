package minik8s.apiserver.rest;

import java.time.InstantSource;
import java.util.List;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.table.IncludeObject;
import minik8s.apiserver.table.Tables;
import tools.jackson.databind.node.ObjectNode;

/** Tables as {@link Tables} makes them, dressed for an answer. Thread-safe. */
final class TableForm implements TableDocuments {
  private final Tables tables;
  private final InstantSource clock;

  TableForm(Tables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
  }

  @Override
  public ObjectNode table(Kind kind, List<ObjectNode> served, Form form, boolean withColumns) {
    IncludeObject include = IncludeObject.of(form.include());
    ObjectNode table =
        served.size() == 1
            ? tables.event(kind, served.getFirst(), include, clock.instant(), withColumns)
            : tables.table(kind, served, include, clock.instant());
    return table.put("apiVersion", "meta.k8s.io/" + form.version());
  }
}
