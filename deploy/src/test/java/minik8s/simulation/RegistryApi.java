package minik8s.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.registry.ListQuery;
import minik8s.apiserver.registry.ObjectWriter.Part;
import minik8s.apiserver.registry.Target;
import minik8s.apiserver.registry.Written;
import minik8s.apiserver.schema.FieldValidation;
import minik8s.apiserver.schema.Gvk;
import minik8s.apiserver.schema.Patches;
import minik8s.apiserver.schema.TypeSchema;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.PatchType;
import minik8s.client.Watch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The client's view of the registry, without HTTP between. Confined to one thread. */
final class RegistryApi implements Api {
  private final SimulatedServer server;
  private final List<Resource<?>> discoverable = new ArrayList<>();

  RegistryApi(SimulatedServer server) {
    this.server = server;
  }

  /** What discovery documents tell of. */
  void discover(List<Resource<?>> resources) {
    discoverable.clear();
    discoverable.addAll(resources);
  }

  @Override
  public <T> T get(Resource<T> resource, ObjectKey key) {
    return Json.read(
        server
            .registry
            .reader()
            .get(server.kind(resource), key.namespace(), key.name(), null)
            .tree(),
        resource.type());
  }

  @Override
  public <T> ObjectList<T> list(Resource<T> resource, ListOptions options) {
    ListQuery query = new ListQuery(options.namespace(), _ -> true, false, 0, null, 0L, false);
    var listing = server.registry.reader().list(server.kind(resource), query);
    List<T> items = new ArrayList<>();
    listing.objects().stream()
        .filter(object -> Fields.match(options, object))
        .forEach(object -> items.add(server.decoded(object, resource.type())));
    return new ObjectList<>(items, Long.toString(listing.revision()));
  }

  /** All objects of a kind, each decoded once per revision; not for whoever changes them. */
  <T> List<T> glance(Resource<T> resource) {
    ListQuery query = new ListQuery("", _ -> true, false, 0, null, 0L, false);
    List<T> items = new ArrayList<>();
    for (CachedObject object :
        server.registry.reader().list(server.kind(resource), query).objects()) {
      items.add(server.decoded(object, resource.type()));
    }
    return items;
  }

  @Override
  public <T> T create(Resource<T> resource, String namespace, Object body) {
    ObjectNode document = document(resource, body);
    String place = resource.namespaced() ? namespace : "";
    return answer(
        resource, server.registry.writer().create(server.kind(resource), place, document, false));
  }

  private static ObjectNode document(Resource<?> resource, Object body) {
    ObjectNode document =
        (ObjectNode) (body instanceof JsonNode node ? node.deepCopy() : Json.tree(body));
    document.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
    return document;
  }

  private <T> T answer(Resource<T> resource, Written written) {
    server.drain();
    return Json.read(written.document(), resource.type());
  }

  @Override
  public <T> T replace(Resource<T> resource, ObjectKey key, Object body) {
    ObjectNode wished = document(resource, body);
    return answer(
        resource,
        server
            .registry
            .writer()
            .change(target(resource, key), Part.MAIN, false, _ -> wished.deepCopy()));
  }

  private Target target(Resource<?> resource, ObjectKey key) {
    return new Target(server.kind(resource), key.namespace(), key.name());
  }

  @Override
  public <T> T patch(
      Resource<T> resource, ObjectKey key, String subresource, PatchType type, JsonNode patch) {
    Part part =
        switch (subresource) {
          case "" -> Part.MAIN;
          case "status" -> Part.STATUS;
          default -> throw new IllegalArgumentException("patch of " + subresource);
        };
    Kind kind = server.kind(resource);
    TypeSchema schema =
        server.schemas.find(new Gvk(kind.group(), kind.version(), kind.kind())).orElseThrow();
    var format = minik8s.apiserver.schema.PatchType.ofContentType(type.contentType());
    byte[] bytes = Json.bytes(patch);
    return answer(
        resource,
        server
            .registry
            .writer()
            .change(
                target(resource, key),
                part,
                false,
                current ->
                    Patches.apply(format, schema, current, bytes, FieldValidation.STRICT)
                        .document()));
  }

  @Override
  public JsonNode post(Resource<?> resource, ObjectKey key, String subresource, Object body) {
    if (!subresource.equals("binding")) {
      throw Failure.noSuchResource().asException();
    }
    ObjectNode binding = Json.tree(body);
    server
        .registry
        .subresources()
        .bind(server.kind(resource), key.namespace(), key.name(), binding, false);
    server.drain();
    return binding;
  }

  @Override
  public JsonNode put(Resource<?> resource, ObjectKey key, String subresource, Object body) {
    Written written =
        server
            .registry
            .subresources()
            .finalizeNamespace(target(resource, key), document(resource, body), false);
    server.drain();
    return written.document();
  }

  @Override
  public void delete(Resource<?> resource, ObjectKey key, DeleteOptions options) {
    var wanted =
        new minik8s.apiserver.registry.DeleteOptions(
            options.gracePeriodSeconds(),
            Objects.requireNonNullElse(options.propagationPolicy(), ""),
            Objects.requireNonNullElse(options.uid(), ""),
            Objects.requireNonNullElse(options.resourceVersion(), ""),
            false);
    var _ = server.registry.deleter().delete(target(resource, key), wanted);
    server.drain();
  }

  @Override
  public <T> Watch<T> watch(Resource<T> resource, ListOptions options, int timeoutSeconds) {
    throw new IllegalStateException("informers are fed by hand, not by a watch of " + resource);
  }

  @Override
  public JsonNode raw(String path) {
    ObjectNode answer = Json.object();
    if (path.equals("/apis")) {
      ArrayNode groups = answer.putArray("groups");
      discoverable.stream()
          .map(Resource::apiVersion)
          .filter(version -> version.contains("/"))
          .distinct()
          .forEach(version -> {
            ObjectNode group = groups.addObject();
            int slash = version.indexOf('/');
            group.put("name", version.substring(0, slash));
            group.putArray("versions").addObject().put("version", version.substring(slash + 1));
          });
      return answer;
    }
    ArrayNode resources = answer.putArray("resources");
    for (Resource<?> one : discoverable) {
      String at = (one.group().isEmpty() ? "/api/" : "/apis/") + one.apiVersion();
      if (at.equals(path)) {
        ObjectNode entry = resources.addObject().put("name", one.plural()).put("kind", one.kind());
        entry.put("namespaced", one.namespaced());
        List.of("get", "list", "watch", "delete").forEach(entry.putArray("verbs")::add);
      }
    }
    return answer;
  }
}
