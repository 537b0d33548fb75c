package minik8s.controller.garbage;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.PartialObject;
import minik8s.api.Resource;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.controller.discovery.Discovery;
import minik8s.controller.discovery.Served;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the graph from every kind that can be watched and deleted. Thread-safe. Kinds that another
 * controller watches anyway are taken from its informer; for the rest it has informers of its own,
 * which keep no more than {@link Trace}s.
 */
public final class Sources implements AutoCloseable {
  /** How long an owner may take to show up before the API server is asked for it. */
  private static final Duration LAG = Duration.ofSeconds(1);

  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  /** Events own nothing and come in crowds. */
  private static final Set<String> IGNORED = Set.of("/events", "events.k8s.io/events");

  private final Api api;
  private final Discovery discovery;
  private final WorkQueue<ObjectKey> queue;
  private final Timers timers;
  private final OwnerGraph graph = new OwnerGraph();
  private final Set<String> shared = new HashSet<>();
  private final Map<String, Own> own = new HashMap<>();
  private Map<String, Resource<PartialObject>> kinds = Map.of();
  private @Nullable Instant begun;

  private record Own(Informer<Trace> informer, Reflector<Trace> reflector) {}

  public Sources(Api api, Discovery discovery, WorkQueue<ObjectKey> queue, Timers timers) {
    this.api = api;
    this.discovery = discovery;
    this.queue = queue;
    this.timers = timers;
  }

  OwnerGraph graph() {
    return graph;
  }

  /** Takes a kind from an informer that somebody else feeds; call before it is fed. */
  public synchronized void share(Informer<? extends KubeObject> informer) {
    shared.add(id(informer.resource()));
    follow(informer);
  }

  private <T extends KubeObject> void follow(Informer<T> informer) {
    informer.onChange((old, now) ->
        changed(
            informer.resource(),
            old == null ? null : old.metadata(),
            now == null ? null : now.metadata()));
  }

  private void changed(Resource<?> resource, @Nullable ObjectMeta old, @Nullable ObjectMeta now) {
    if (old != null && (now == null || !now.uid().equals(old.uid()))) {
      wake(graph.forget(old.uid()));
    }
    if (now != null) {
      wake(graph.observe(resource, now));
    }
  }

  void wake(OwnerGraph.Wake wake) {
    wake.now().forEach(uid -> queue.add(ObjectKey.cluster(uid)));
    wake.later().forEach(uid -> queue.addAfter(ObjectKey.cluster(uid), LAG));
  }

  /** Discovers what is served, follows what is new and lets go what is no more. */
  synchronized Discovery.Found refresh() {
    Discovery.Found found = discovery.read();
    if (begun == null) {
      begun = timers.clock().instant();
    }
    Map<String, Resource<PartialObject>> next =
        new HashMap<>(found.failures().isEmpty() ? Map.of() : kinds);
    Set<String> watched = new HashSet<>();
    for (Served served : found.resources()) {
      next.put(kindId(served.resource().group(), served.resource().kind()), served.resource());
      String id = id(served.resource());
      if (served.can("list", "watch", "delete") && !IGNORED.contains(id) && !shared.contains(id)) {
        watched.add(id);
        own.computeIfAbsent(id, _ -> open(served.resource()));
      }
    }
    kinds = Map.copyOf(next);
    if (found.failures().isEmpty()) {
      List.copyOf(own.keySet()).stream().filter(id -> !watched.contains(id)).forEach(this::close);
    }
    return found;
  }

  private Own open(Resource<PartialObject> resource) {
    Informer<Trace> informer = new Informer<>(resource.as(Trace.class), ListOptions.ALL, List.of());
    follow(informer);
    return new Own(informer, new Reflector<>(api, informer).start());
  }

  /** The kind is served no more, and so its objects are no more. */
  private void close(String id) {
    Own gone = own.remove(id);
    if (gone != null) {
      gone.reflector().close();
      gone.informer().lister().all().forEach(trace -> wake(graph.forget(trace.uid())));
    }
  }

  /** Whether the graph shows the whole cluster, or has had ample time to. */
  synchronized boolean ready() {
    Instant since = begun;
    return since != null
        && (own.values().stream().allMatch(o -> o.informer().synced())
            || since.plus(MAX_WAIT).isBefore(timers.clock().instant()));
  }

  /** Where a kind is served; empty when it is not. */
  synchronized Optional<Resource<PartialObject>> resource(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    return Optional.ofNullable(
        kinds.get(kindId(slash < 0 ? "" : apiVersion.substring(0, slash), kind)));
  }

  private static String id(Resource<?> resource) {
    return resource.group() + "/" + resource.plural();
  }

  private static String kindId(String group, String kind) {
    return group + "/" + kind;
  }

  @Override
  public synchronized void close() {
    own.values().forEach(o -> o.reflector().close());
  }
}
