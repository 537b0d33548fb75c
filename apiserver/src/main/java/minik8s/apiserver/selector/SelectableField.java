package minik8s.apiserver.selector;

import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.JsonNode;

/** Reads the text of one selectable field from a document. Immutable. */
@FunctionalInterface
interface SelectableField {
  String read(JsonNode document);

  /** The reader of a path, with the defaults and aliases that Kubernetes gives to some. */
  static SelectableField of(Kind kind, String path) {
    return switch (path) {
      case "metadata.name", "name" -> doc -> text(doc.path("metadata").get("name"), "");
      case "metadata.namespace" -> doc -> text(doc.path("metadata").get("namespace"), "");
      case "spec.unschedulable", "spec.hostNetwork" ->
          doc -> text(doc.path("spec").get(path.substring(5)), "false");
      case "status.replicas" -> doc -> text(doc.path("status").get("replicas"), "0");
      case "status.successful" -> doc -> text(doc.path("status").get("succeeded"), "0");
      case "status.podIPs" -> doc -> text(doc.path("status").path("podIPs").path(0).get("ip"), "");
      // Events may be judged in the version that is stored as well as in the one asked for.
      case "reportingController", "reportingComponent" ->
          kind.custom()
              ? steps(path)
              : eitherOf(steps("reportingController"), steps("reportingComponent"));
      case "source" -> kind.custom() ? steps(path) : SelectableField::source;
      default ->
          !kind.custom() && path.startsWith("regarding.")
              ? eitherOf(steps(path), steps("involvedObject." + path.substring(10)))
              : steps(path);
    };
  }

  private static SelectableField eitherOf(SelectableField one, SelectableField other) {
    return doc -> {
      String text = one.read(doc);
      return text.isEmpty() ? other.read(doc) : text;
    };
  }

  private static String source(JsonNode event) {
    String component = text(event.path("source").get("component"), "");
    return component.isEmpty() ? text(event.get("reportingComponent"), "") : component;
  }

  private static SelectableField steps(String path) {
    String[] steps = path.split("\\.");
    return doc -> {
      JsonNode node = doc;
      for (String step : steps) {
        node = node.path(step);
      }
      return text(node, "");
    };
  }

  private static String text(@org.jspecify.annotations.Nullable JsonNode node, String absent) {
    return node == null || node.isMissingNode() || node.isNull() ? absent : node.asString("");
  }
}
