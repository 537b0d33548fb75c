package minik8s.controller;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import minik8s.api.KubeObject;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.EventRecorder;
import minik8s.control.LoopMetrics;
import minik8s.control.Reconciler;
import minik8s.control.WorkQueue;
import minik8s.controller.job.JobTriggers;
import minik8s.controller.owner.Owned;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cluster in memory around any one controller: an API server, caches that are as stale as the
 * test leaves them, and a scheduler and kubelet that do what the test says. Confined to the test's
 * thread.
 */
public final class Workbench {
  public final FakeApi api;
  public final ManualTimers timers;
  public final Index<Pod> podsByOwner = Owned.index();
  public final Index<Pod> podsByJob = JobTriggers.trackedByJob();
  public final Informer<Pod> pods;
  private final Map<Informer<?>, Feed<?>> feeds = new LinkedHashMap<>();
  private @Nullable ControlLoop loop;

  public Workbench() {
    this(new FakeApi(), new ManualTimers());
  }

  private Workbench(FakeApi api, ManualTimers timers) {
    this.api = api;
    this.timers = timers;
    this.pods = new Informer<>(Resources.PODS, ListOptions.ALL, List.of(podsByOwner, podsByJob));
  }

  /** The same cluster after the controller-manager was killed: no memory, fresh lists to come. */
  public Workbench restart() {
    return new Workbench(api, timers);
  }

  /** A cache; it shows nothing until the first {@link #catchUp}. */
  public <T extends KubeObject> Informer<T> informer(Resource<T> resource) {
    return new Informer<>(resource, ListOptions.ALL, List.of());
  }

  /** A cache with an index. */
  public <T extends KubeObject> Informer<T> informer(Resource<T> resource, Index<T> index) {
    return new Informer<>(resource, ListOptions.ALL, List.of(index));
  }

  /** Events go nowhere, unless a test keeps them. */
  public EventRecorder events() {
    return new EventRecorder(new FakeApi(), "test", "", timers);
  }

  /** Events that tests ask for at {@code told}. */
  public EventRecorder events(FakeApi told) {
    return new EventRecorder(told, "test", "", timers);
  }

  /** The controller under test; wire its triggers inside. Afterwards caches are fed. */
  public void run(
      Function<WorkQueue<ObjectKey>, Reconciler> wiring, List<Informer<? extends KubeObject>> all) {
    WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
    loop = new ControlLoop("test", queue, wiring.apply(queue), LoopMetrics.NONE);
    List<Informer<? extends KubeObject>> caches = new ArrayList<>(all);
    caches.add(pods);
    caches.forEach(this::feed);
  }

  private <T extends KubeObject> void feed(Informer<T> informer) {
    feeds.put(informer, new Feed<>(api, informer));
  }

  /** One step of the controller on caches as they are; whether it had anything to do. */
  public boolean step() {
    if (loop == null) {
      throw new AssertionError("there is no controller");
    }
    return loop.step();
  }

  /** Brings all caches to now. */
  public void catchUp() {
    feeds.values().forEach(Feed::catchUp);
  }

  /** Brings one cache to now. */
  public void catchUp(Informer<?> informer) {
    Feed<?> feed = feeds.get(informer);
    if (feed == null) {
      throw new AssertionError("that cache is not fed");
    }
    feed.catchUp();
  }

  /** Lets the controller work until nothing changes; scheduler and kubelet stand still. */
  public void settle() {
    for (int round = 0; round < 300; round++) {
      catchUp();
      if (!step()) {
        return;
      }
    }
    throw new AssertionError("the controller never comes to rest");
  }

  /** Lets a second pass; then the controller. */
  public void pass(Duration time) {
    timers.advance(time);
    settle();
  }

  public <T> T create(Resource<T> resource, String yaml) {
    ObjectNode document = (ObjectNode) Json.parse(yaml.replace('\'', '"'));
    return api.create(resource, resource.namespaced() ? "default" : "", document);
  }

  /** Changes an object by merge patch. */
  public <T> T change(Resource<T> resource, String name, String patch) {
    return api.patch(
        resource, key(resource, name), "", PatchType.MERGE, Json.parse(patch.replace('\'', '"')));
  }

  public <T> T get(Resource<T> resource, String name) {
    return api.get(resource, key(resource, name));
  }

  private static ObjectKey key(Resource<?> resource, String name) {
    return new ObjectKey(resource.namespaced() ? "default" : "", name);
  }

  public <T> List<T> all(Resource<T> resource) {
    return api.list(resource, ListOptions.ALL).items();
  }

  public List<Pod> pods() {
    return all(Resources.PODS);
  }

  public List<Pod> activePods() {
    return pods().stream().filter(Pod::active).toList();
  }

  public Pod pod(String name) {
    return get(Resources.PODS, name);
  }

  public Node node(String name, String labels) {
    return create(
        Resources.NODES, "{'metadata':{'name':'" + name + "','labels':" + labels + "},'spec':{}}");
  }

  /** Binds the pod where it is not bound yet. */
  public void bind(Pod pod, String node) {
    if (!pod(pod.metadata().name()).bound()) {
      JsonNode target = Json.tree(Map.of("target", Map.of("name", node)));
      api.post(Resources.PODS, pod.key(), "binding", target);
    }
  }

  /** Makes the pod run and be ready, as a kubelet would. */
  public void start(Pod pod) {
    bind(pod, "node-1");
    ready(pod, true);
  }

  public void ready(Pod pod, boolean ready) {
    ObjectNode status = Json.object().put("phase", "Running");
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", ready ? "True" : "False")
        .put("lastTransitionTime", Json.time(timers.clock().instant()));
    report(pod, status);
  }

  /** Ends the pod with its containers in this phase. */
  public void end(Pod pod, String phase, int exitCode) {
    bind(pod, "node-1");
    ObjectNode status = Json.object().put("phase", phase);
    ObjectNode container = status.putArray("containerStatuses").addObject().put("name", "c");
    container
        .putObject("state")
        .putObject("terminated")
        .put("exitCode", exitCode)
        .put("finishedAt", Json.time(timers.clock().instant()));
    report(pod, status);
  }

  public void succeed(Pod pod) {
    end(pod, "Succeeded", 0);
  }

  public void fail(Pod pod) {
    end(pod, "Failed", 1);
  }

  public void report(Pod pod, ObjectNode status) {
    ObjectNode patch = Json.object();
    patch.set("status", status);
    api.patch(Resources.PODS, pod.key(), "status", PatchType.MERGE, patch);
  }

  /** Removes the object of a pod that was asked to go, as a kubelet does when all has ended. */
  public void remove(Pod pod) {
    api.delete(Resources.PODS, pod.key(), DeleteOptions.now(pod.uid()));
  }

  /**
   * Starts every pod that waits, removes every pod that terminates, until all is at rest.
   *
   * @param place the node for a pod; null leaves it waiting
   */
  public void runToRest(BiFunction<Workbench, Pod, @Nullable String> place) {
    for (int round = 0; round < 300; round++) {
      settle();
      boolean moved = false;
      for (Pod pod : pods()) {
        if (pod.metadata().deleting()) {
          if (pod.metadata().finalizers().isEmpty()) {
            remove(pod);
            moved = true;
          } else if (!pod.finished()) {
            fail(pod);
            moved = true;
          }
        } else if (!pod.finished() && !pod.ready()) {
          String node = place.apply(this, pod);
          if (node != null) {
            bind(pod, node);
            ready(pod, true);
            moved = true;
          }
        }
      }
      if (!moved) {
        return;
      }
      timers.advance(Duration.ofSeconds(1));
    }
    throw new AssertionError("the cluster never comes to rest");
  }

  public void runToRest() {
    runToRest((_, _) -> "node-1");
  }
}
