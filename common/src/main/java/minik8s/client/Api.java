package minik8s.client;

import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import tools.jackson.databind.JsonNode;

/**
 * The API server as our processes use it. Thread-safe. Every method throws {@link ApiException}
 * with the server's reason; when the server can't be reached the reason is ServiceUnavailable.
 */
public interface Api {
  /** Reads one object from the newest state. */
  <T> T get(Resource<T> resource, ObjectKey key);

  /** Reads one object; empty when there is none. */
  default <T> Optional<T> find(Resource<T> resource, ObjectKey key) {
    try {
      return Optional.of(get(resource, key));
    } catch (ApiException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Reads all objects that the options select, page by page. */
  <T> ObjectList<T> list(Resource<T> resource, ListOptions options);

  /**
   * Creates an object.
   *
   * @param body a record or a document; {@code apiVersion} and {@code kind} may be absent
   */
  <T> T create(Resource<T> resource, String namespace, Object body);

  /** Replaces an object; the body carries the resourceVersion that was seen. */
  <T> T replace(Resource<T> resource, ObjectKey key, Object body);

  /**
   * Changes part of an object or of a subresource.
   *
   * @param subresource such as {@code status}; empty for the object itself
   */
  <T> T patch(
      Resource<T> resource, ObjectKey key, String subresource, PatchType type, JsonNode patch);

  /** Changes part of an object's status by strategic merge. */
  default <T> T patchStatus(Resource<T> resource, ObjectKey key, JsonNode patch) {
    return patch(resource, key, "status", PatchType.STRATEGIC, patch);
  }

  /** Posts to a subresource such as {@code binding} or {@code token} and returns the answer. */
  JsonNode post(Resource<?> resource, ObjectKey key, String subresource, Object body);

  /** Puts a whole document to a subresource such as {@code finalize} and returns the answer. */
  JsonNode put(Resource<?> resource, ObjectKey key, String subresource, Object body);

  /** Asks for deletion. Whether the object is gone at once depends on grace and finalizers. */
  void delete(Resource<?> resource, ObjectKey key, DeleteOptions options);

  /**
   * Follows changes after {@code options.resourceVersion()}, bookmarks included.
   *
   * @param timeoutSeconds after which the server ends the watch
   */
  <T> Watch<T> watch(Resource<T> resource, ListOptions options, int timeoutSeconds);

  /** Reads any path, such as a discovery document. */
  JsonNode raw(String path);
}
