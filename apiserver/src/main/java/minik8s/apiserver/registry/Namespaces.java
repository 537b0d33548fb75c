package minik8s.apiserver.registry;

import java.util.List;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which namespace a new object belongs to, and whether that one takes new objects. Thread-safe. */
final class Namespaces {
  private final WatchCache cache;

  Namespaces(WatchCache cache) {
    this.cache = cache;
  }

  /**
   * Writes the namespace of the request into the document; throws BadRequest when it names another.
   */
  void place(Kind kind, String namespace, ObjectNode document) {
    ObjectNode metadata = Documents.metadata(document);
    String named = Documents.text(document, "namespace");
    if (!kind.namespaced()) {
      metadata.remove("namespace");
      return;
    }
    if (!named.isEmpty() && !named.equals(namespace)) {
      throw Failure.badRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request")
          .asException();
    }
    metadata.put("namespace", namespace);
  }

  /** Throws NotFound for a namespace that is not there and Forbidden for one that is ending. */
  void requireOpen(Kind kind, String namespace, String name) {
    if (!kind.namespaced()) {
      return;
    }
    CachedObject found = find(namespace);
    if (found == null) {
      throw Failure.notFound("", "namespaces", namespace).asException();
    }
    JsonNode document = found.tree();
    if (Documents.deleting(document)) {
      String why =
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated";
      throw new Failure(
              Failure.Reason.Forbidden,
              kind.qualifiedPlural() + " \"" + name + "\" is forbidden: " + why,
              kind.group(),
              kind.plural(),
              name,
              List.of(
                  new Failure.Cause(
                      "NamespaceTerminating",
                      "namespace " + namespace + " is being terminated",
                      "metadata.namespace")),
              null)
          .asException();
    }
  }

  private @Nullable CachedObject find(String namespace) {
    CachedObject found = cache.resource("namespaces").get(namespace);
    if (found == null) {
      try {
        cache.awaitCurrent();
      } catch (StoreException e) {
        throw StoreFailures.translate(e);
      }
      found = cache.resource("namespaces").get(namespace);
    }
    return found;
  }
}
