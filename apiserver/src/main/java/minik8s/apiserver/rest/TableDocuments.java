package minik8s.apiserver.rest;

import java.util.List;
import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.node.ObjectNode;

/** Makes {@code meta.k8s.io} tables. Thread-safe. */
@FunctionalInterface
interface TableDocuments {
  /** A table with one row for each object; the column definitions only when asked for. */
  ObjectNode table(Kind kind, List<ObjectNode> served, Form form, boolean withColumns);
}
