package minik8s.apiserver.registry;

import java.util.List;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading and writing what every document has: type, metadata, bytes. Stateless. */
final class Documents {
  /** Fields of the metadata that only the server writes. */
  private static final List<String> SERVER_OWNED =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation");

  private Documents() {}

  /** The metadata, made when it is missing. */
  static ObjectNode metadata(ObjectNode document) {
    return document.get("metadata") instanceof ObjectNode metadata
        ? metadata
        : document.putObject("metadata");
  }

  /** A text field of the metadata, or the empty string. */
  static String text(JsonNode document, String field) {
    return document.path("metadata").path(field).asString("");
  }

  static String name(JsonNode document) {
    return text(document, "name");
  }

  /** The stored form: type and metadata first, nothing that only answers carry. */
  static byte[] encode(ObjectNode document) {
    ObjectNode ordered = Json.object();
    ordered.set("kind", document.path("kind"));
    ordered.set("apiVersion", document.path("apiVersion"));
    ordered.set("metadata", document.path("metadata"));
    ordered.setAll(document);
    return Json.bytes(ordered);
  }

  /** A stored document as a tree, without resourceVersion. */
  static ObjectNode decode(byte[] stored) {
    return (ObjectNode) Json.parse(stored);
  }

  /** Removes what clients send back and nobody stores. */
  static void strip(ObjectNode document) {
    metadata(document).remove(List.of("resourceVersion", "selfLink", "managedFields"));
  }

  /** Takes the server's own fields of the metadata over from {@code old}. */
  static void keepServerOwned(ObjectNode document, ObjectNode old) {
    ObjectNode to = metadata(document);
    ObjectNode from = metadata(old);
    for (String field : SERVER_OWNED) {
      copy(to, from.get(field), field);
    }
  }

  private static void copy(ObjectNode to, @Nullable JsonNode value, String field) {
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value);
    }
  }

  /** Forgets what a creator may not say. */
  static void dropServerOwned(ObjectNode document) {
    metadata(document).remove(SERVER_OWNED);
  }

  /** Whether the object is on its way out. */
  static boolean deleting(JsonNode document) {
    return !text(document, "deletionTimestamp").isEmpty();
  }

  /** Whether anything still holds the object back: finalizers, or a namespace's own. */
  static boolean held(JsonNode document) {
    boolean namespace = document.path("kind").asString("").equals("Namespace");
    return !document.path("metadata").path("finalizers").isEmpty()
        || (namespace && !document.path("spec").path("finalizers").isEmpty());
  }
}
