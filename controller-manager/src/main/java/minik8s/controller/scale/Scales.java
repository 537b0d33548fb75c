package minik8s.controller.scale;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.PartialObject;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.PatchType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes {@code /scale} of objects of any kind. Thread-safe. Which resource a kind is
 * served as is asked once and remembered.
 */
public final class Scales {
  private final Api api;
  private final Map<String, Resource<PartialObject>> known = new ConcurrentHashMap<>();

  public Scales(Api api) {
    this.api = api;
  }

  /**
   * The size of something. Immutable.
   *
   * @param wanted the size asked for
   * @param current how many there are
   * @param selector of its pods in query form; empty when it has none
   */
  public record Scale(
      Resource<PartialObject> resource,
      ObjectKey key,
      String resourceVersion,
      int wanted,
      int current,
      String selector) {}

  /**
   * The resource that a kind is served as.
   *
   * @throws ApiException NotFound when it is not
   */
  public Resource<PartialObject> resource(String apiVersion, String kind) {
    String key = apiVersion + "/" + kind;
    Resource<PartialObject> found = known.get(key);
    if (found == null) {
      found = discover(apiVersion, kind);
      if (found == null) {
        throw Failure.of(
                Failure.Reason.NotFound,
                "no matches for kind \"%s\" in group \"%s\"".formatted(kind, group(apiVersion)))
            .asException();
      }
      known.put(key, found);
    }
    return found;
  }

  private static String group(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  private @Nullable Resource<PartialObject> discover(String apiVersion, String kind) {
    String path = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    for (JsonNode entry : api.raw(path).path("resources")) {
      String plural = entry.path("name").asString("");
      if (entry.path("kind").asString("").equals(kind) && !plural.contains("/")) {
        return new Resource<>(
            group(apiVersion),
            apiVersion.substring(apiVersion.indexOf('/') + 1),
            plural,
            kind,
            entry.path("namespaced").asBoolean(true),
            PartialObject.class);
      }
    }
    return null;
  }

  /**
   * Reads the scale of an object.
   *
   * @throws ApiException when the object, its kind or its scale is not there
   */
  public Scale get(String namespace, String apiVersion, String kind, String name) {
    Resource<PartialObject> resource = resource(apiVersion, kind);
    ObjectKey key = new ObjectKey(namespace, name);
    JsonNode scale = api.raw(resource.path(key) + "/scale");
    return new Scale(
        resource,
        key,
        scale.path("metadata").path("resourceVersion").asString(""),
        scale.path("spec").path("replicas").asInt(0),
        scale.path("status").path("replicas").asInt(0),
        scale.path("status").path("selector").asString(""));
  }

  /** Reads the scale of an object; empty when anything of it is not there. */
  public Optional<Scale> find(String namespace, String apiVersion, String kind, String name) {
    try {
      return Optional.of(get(namespace, apiVersion, kind, name));
    } catch (ApiException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Asks for another size.
   *
   * @throws ApiException Conflict when the object changed since it was read
   */
  public void resize(Scale seen, int replicas) {
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("resourceVersion", seen.resourceVersion());
    patch.putObject("spec").put("replicas", replicas);
    var _ = api.patch(seen.resource(), seen.key(), "scale", PatchType.MERGE, patch);
  }
}
