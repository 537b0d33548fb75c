package minik8s.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.PatchType;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An API server in memory, small and honest: uids, revisions, conflicts, generation, status as a
 * subresource, finalizers, graceful deletion of bound pods, uid preconditions, binding, watches. It
 * validates nothing and defaults nothing. Thread-safe.
 *
 * <p>Patches of all types but JSON patch merge maps; lists of conditions, addresses and the like
 * (objects with {@code type}, or {@code key} for taints) merge by key under STRATEGIC, other lists
 * are replaced.
 */
public final class FakeApi implements Api {
  /** One request that changed something, for assertions such as "wrote nothing". */
  public record Write(String verb, String plural, ObjectKey key, String subresource) {}

  /** How many changes are kept for watches that begin in the past. */
  private static final int HISTORY = 1000;

  private record Event(long revision, Resource<?> resource, ObjectNode document, boolean deleted) {}

  private final Map<String, Map<ObjectKey, ObjectNode>> stores = new HashMap<>();
  private final List<Write> writes = new ArrayList<>();
  private final List<Subscription<?>> watches = new ArrayList<>();
  private final ArrayDeque<Event> history = new ArrayDeque<>();
  private final AtomicInteger uids = new AtomicInteger();
  private java.util.function.Function<String, @Nullable JsonNode> raw = _ -> null;
  private long revision;
  private java.util.function.@Nullable Function<Write, @Nullable Failure> fault;

  /** Makes writes fail: the function answers a failure for those that shall. */
  public synchronized void failWhen(
      java.util.function.@Nullable Function<Write, @Nullable Failure> rule) {
    fault = rule;
  }

  /** All writes so far, in order. */
  public synchronized List<Write> writes() {
    return List.copyOf(writes);
  }

  /** Forgets the writes so far. */
  public synchronized void clearWrites() {
    writes.clear();
  }

  /** The whole stored document. */
  public synchronized ObjectNode document(Resource<?> resource, ObjectKey key) {
    return require(resource, key).deepCopy();
  }

  @Override
  public synchronized <T> T get(Resource<T> resource, ObjectKey key) {
    return Json.read(require(resource, key), resource.type());
  }

  @Override
  public synchronized <T> ObjectList<T> list(Resource<T> resource, ListOptions options) {
    List<T> items = new ArrayList<>();
    store(resource)
        .forEach((key, document) -> {
          if (options.namespace().isEmpty() || options.namespace().equals(key.namespace())) {
            items.add(Json.read(document, resource.type()));
          }
        });
    return new ObjectList<>(items, Long.toString(revision));
  }

  @Override
  public synchronized <T> T create(Resource<T> resource, String namespace, Object body) {
    ObjectNode document = tree(body);
    ObjectNode meta = document.withObject("metadata");
    String name = meta.path("name").asString("");
    if (name.isEmpty()) {
      name = meta.path("generateName").asString("") + Integer.toString(uids.get() + 1, 36);
      meta.put("name", name);
    }
    String ns = resource.namespaced() ? namespace : "";
    ObjectKey key = new ObjectKey(ns, name);
    begin("create", resource, key, "");
    if (store(resource).containsKey(key)) {
      throw Failure.alreadyExists(resource.group(), resource.plural(), name).asException();
    }
    if (!ns.isEmpty()) {
      meta.put("namespace", ns);
    }
    meta.put("uid", "uid-" + uids.incrementAndGet()).put("generation", 1);
    if (!meta.has("creationTimestamp")) {
      meta.put("creationTimestamp", "2026-01-01T00:00:00Z");
    }
    return Json.read(put(resource, key, document), resource.type());
  }

  @Override
  public synchronized <T> T replace(Resource<T> resource, ObjectKey key, Object body) {
    begin("replace", resource, key, "");
    ObjectNode old = require(resource, key);
    ObjectNode document = tree(body);
    String seen = document.path("metadata").path("resourceVersion").asString("");
    if (!seen.isEmpty()
        && !seen.equals(old.path("metadata").path("resourceVersion").asString(""))) {
      throw Failure.modified(resource.group(), resource.plural(), key.name()).asException();
    }
    keep("status", old, document);
    return finish(resource, key, old, document);
  }

  @Override
  public synchronized <T> T patch(
      Resource<T> resource, ObjectKey key, String subresource, PatchType type, JsonNode patch) {
    begin("patch", resource, key, subresource);
    ObjectNode old = require(resource, key);
    String seen = patch.path("metadata").path("resourceVersion").asString("");
    if (!seen.isEmpty()
        && !seen.equals(old.path("metadata").path("resourceVersion").asString(""))) {
      throw Failure.modified(resource.group(), resource.plural(), key.name()).asException();
    }
    String uid = patch.path("metadata").path("uid").asString("");
    if (!uid.isEmpty() && !uid.equals(old.path("metadata").path("uid").asString(""))) {
      throw Failure.conflict(resource.group(), resource.plural(), key.name(), "uid differs")
          .asException();
    }
    ObjectNode document = old.deepCopy();
    if (type == PatchType.JSON) {
      jsonPatch(document, patch);
    } else {
      merge(document, (ObjectNode) patch, type == PatchType.STRATEGIC);
    }
    if (subresource.equals("status")) {
      keep("spec", old, document);
    } else if (subresource.isEmpty()) {
      keep("status", old, document);
    }
    return finish(resource, key, old, document);
  }

  /** A field that this write does not own stays as it was. */
  private static void keep(String field, ObjectNode old, ObjectNode document) {
    if (old.has(field)) {
      document.set(field, old.get(field));
    } else {
      document.remove(field);
    }
  }

  private <T> T finish(Resource<T> resource, ObjectKey key, ObjectNode old, ObjectNode document) {
    if (document.equals(old)) {
      return Json.read(old, resource.type());
    }
    ObjectNode meta = document.withObject("metadata");
    meta.put("uid", old.path("metadata").path("uid").asString(""));
    if (!document.path("spec").equals(old.path("spec"))) {
      meta.put("generation", old.path("metadata").path("generation").asLong(0) + 1);
    }
    if (meta.has("deletionTimestamp") && meta.path("finalizers").isEmpty() && !graceful(document)) {
      remove(resource, key, document);
      return Json.read(document, resource.type());
    }
    return Json.read(put(resource, key, document), resource.type());
  }

  private static boolean graceful(ObjectNode document) {
    return document.path("metadata").path("deletionGracePeriodSeconds").asLong(0) > 0;
  }

  @Override
  public synchronized JsonNode post(
      Resource<?> resource, ObjectKey key, String subresource, Object body) {
    begin("create", resource, key, subresource);
    ObjectNode document = require(resource, key).deepCopy();
    if (subresource.equals("binding")) {
      if (!document.path("spec").path("nodeName").asString("").isEmpty()) {
        throw Failure.conflict(
                resource.group(), resource.plural(), key.name(), "pod is already assigned")
            .asException();
      }
      String node = tree(body).path("target").path("name").asString("");
      document.withObject("spec").put("nodeName", node);
      put(resource, key, document);
    }
    return document;
  }

  @Override
  public synchronized JsonNode put(
      Resource<?> resource, ObjectKey key, String subresource, Object body) {
    begin("replace", resource, key, subresource);
    ObjectNode old = require(resource, key);
    ObjectNode document = old.deepCopy();
    document.set("spec", tree(body).path("spec"));
    if (document.path("metadata").has("deletionTimestamp")
        && document.path("spec").path("finalizers").isEmpty()
        && document.path("metadata").path("finalizers").isEmpty()) {
      remove(resource, key, document);
      return document;
    }
    return put(resource, key, document);
  }

  @Override
  public synchronized void delete(Resource<?> resource, ObjectKey key, DeleteOptions options) {
    begin("delete", resource, key, "");
    ObjectNode document = require(resource, key).deepCopy();
    ObjectNode meta = document.withObject("metadata");
    if (options.uid() != null && !options.uid().equals(meta.path("uid").asString(""))) {
      throw Failure.conflict(
              resource.group(),
              resource.plural(),
              key.name(),
              "the UID in the precondition differs")
          .asException();
    }
    if (options.resourceVersion() != null
        && !options.resourceVersion().equals(meta.path("resourceVersion").asString(""))) {
      throw Failure.modified(resource.group(), resource.plural(), key.name()).asException();
    }
    if ("Foreground".equals(options.propagationPolicy())) {
      meta.withArray("finalizers").add("foregroundDeletion");
    }
    long grace = grace(resource, document, options);
    if (meta.path("finalizers").isEmpty() && grace == 0) {
      remove(resource, key, document);
    } else if (!meta.has("deletionTimestamp") || grace == 0) {
      meta.put("deletionTimestamp", "2026-01-01T00:00:00Z");
      meta.put("deletionGracePeriodSeconds", grace);
      put(resource, key, document);
    }
  }

  private static long grace(Resource<?> resource, ObjectNode document, DeleteOptions options) {
    boolean boundPod =
        resource.plural().equals("pods")
            && !document.path("spec").path("nodeName").asString("").isEmpty();
    if (!boundPod) {
      return 0;
    }
    return options.gracePeriodSeconds() != null
        ? options.gracePeriodSeconds()
        : document.path("spec").path("terminationGracePeriodSeconds").asLong(30);
  }

  @Override
  public synchronized <T> Watch<T> watch(
      Resource<T> resource, ListOptions options, int timeoutSeconds) {
    Subscription<T> subscription = new Subscription<>(resource, options.namespace());
    if (!options.resourceVersion().isEmpty()) {
      replay(Long.parseLong(options.resourceVersion()), subscription);
    }
    watches.add(subscription);
    return subscription;
  }

  /** What happened since a list is told by the watch that begins where the list ended. */
  private void replay(long since, Subscription<?> subscription) {
    if (since < revision - history.size()) {
      throw Failure.expired("too old resource version: " + since).asException();
    }
    for (Event event : history) {
      if (event.revision() > since) {
        subscription.offer(event.resource(), event.document(), event.deleted());
      }
    }
  }

  /** Answers {@link #raw}: null means that nothing is served there, which is so at first. */
  public synchronized void answerRaw(
      java.util.function.Function<String, @Nullable JsonNode> answer) {
    raw = answer;
  }

  @Override
  public JsonNode raw(String path) {
    java.util.function.Function<String, @Nullable JsonNode> answer;
    synchronized (this) {
      answer = raw;
    }
    JsonNode document = answer.apply(path);
    if (document == null) {
      throw Failure.noSuchResource().asException();
    }
    return document;
  }

  private Map<ObjectKey, ObjectNode> store(Resource<?> resource) {
    return stores.computeIfAbsent(resource.group() + "/" + resource.plural(), _ -> new TreeMap<>());
  }

  private ObjectNode require(Resource<?> resource, ObjectKey key) {
    ObjectNode document = store(resource).get(key);
    if (document == null) {
      throw Failure.notFound(resource.group(), resource.plural(), key.name()).asException();
    }
    return document;
  }

  private void begin(String verb, Resource<?> resource, ObjectKey key, String subresource) {
    Write write = new Write(verb, resource.plural(), key, subresource);
    Failure failure = fault == null ? null : fault.apply(write);
    if (failure != null) {
      throw failure.asException();
    }
    writes.add(write);
  }

  private ObjectNode put(Resource<?> resource, ObjectKey key, ObjectNode document) {
    document.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
    document.withObject("metadata").put("resourceVersion", Long.toString(++revision));
    store(resource).put(key, document);
    publish(resource, document, false);
    return document;
  }

  private void remove(Resource<?> resource, ObjectKey key, ObjectNode document) {
    document.withObject("metadata").put("resourceVersion", Long.toString(++revision));
    store(resource).remove(key);
    publish(resource, document, true);
  }

  private void publish(Resource<?> resource, ObjectNode document, boolean deleted) {
    history.add(new Event(revision, resource, document, deleted));
    if (history.size() > HISTORY) {
      history.remove();
    }
    watches.removeIf(watch -> watch.closed);
    watches.forEach(watch -> watch.offer(resource, document.deepCopy(), deleted));
  }

  private static ObjectNode tree(Object body) {
    return body instanceof ObjectNode node ? node.deepCopy() : Json.tree(body);
  }

  private static void jsonPatch(ObjectNode document, JsonNode operations) {
    for (JsonNode operation : operations) {
      String path = operation.path("path").asString("");
      int slash = path.lastIndexOf('/');
      String field = path.substring(slash + 1).replace("~1", "/").replace("~0", "~");
      JsonNode parent = document.at(path.substring(0, slash));
      if (parent instanceof ObjectNode object) {
        switch (operation.path("op").asString("")) {
          case "remove" -> object.remove(field);
          case "add", "replace" -> object.set(field, operation.path("value"));
          default -> throw Failure.badRequest("the fake knows no such operation").asException();
        }
      }
    }
  }

  private static void merge(ObjectNode target, ObjectNode patch, boolean strategic) {
    patch.forEachEntry((field, value) -> {
      if (value.isNull()) {
        target.remove(field);
      } else if (value instanceof ObjectNode object && target.get(field) instanceof ObjectNode) {
        merge((ObjectNode) target.get(field), object, strategic);
      } else if (strategic
          && value instanceof ArrayNode list
          && target.get(field) instanceof ArrayNode old
          && mergeKey(list) != null) {
        mergeList(old, list, mergeKey(list));
      } else {
        target.set(field, value.deepCopy());
      }
    });
  }

  private static @Nullable String mergeKey(ArrayNode list) {
    for (String key : List.of("type", "uid", "ip")) {
      if (!list.isEmpty() && list.get(0).has(key)) {
        return key;
      }
    }
    return null;
  }

  private static void mergeList(ArrayNode target, ArrayNode patch, @Nullable String key) {
    for (JsonNode element : patch) {
      int found = -1;
      for (int i = 0; i < target.size(); i++) {
        if (target.get(i).path(key).equals(element.path(key))) {
          found = i;
        }
      }
      if (element.path("$patch").asString("").equals("delete")) {
        if (found >= 0) {
          target.remove(found);
        }
      } else if (found >= 0) {
        merge((ObjectNode) target.get(found), (ObjectNode) element, true);
      } else {
        target.add(element.deepCopy());
      }
    }
  }

  private static final class Subscription<T> implements Watch<T> {
    private final Resource<T> resource;
    private final String namespace;
    private final LinkedBlockingQueue<java.util.Optional<WatchEvent<T>>> events =
        new LinkedBlockingQueue<>();
    private volatile boolean closed;

    Subscription(Resource<T> resource, String namespace) {
      this.resource = resource;
      this.namespace = namespace;
    }

    void offer(Resource<?> changed, ObjectNode document, boolean deleted) {
      boolean ours =
          changed.plural().equals(resource.plural())
              && changed.group().equals(resource.group())
              && (namespace.isEmpty()
                  || namespace.equals(document.path("metadata").path("namespace").asString("")));
      if (ours) {
        T object = Json.read(document, resource.type());
        events.add(
            java.util.Optional.of(
                deleted ? new WatchEvent.Deleted<>(object) : new WatchEvent.Changed<>(object)));
      }
    }

    @Override
    public @Nullable WatchEvent<T> next() {
      try {
        return closed ? null : events.take().orElse(null);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }

    @Override
    public void close() {
      closed = true;
      events.add(java.util.Optional.empty());
    }
  }
}
