package minik8s.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import minik8s.api.Deployment;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.EventRecorder;
import minik8s.control.LoopMetrics;
import minik8s.control.WorkQueue;
import minik8s.controller.deployment.DeploymentReconciler;
import minik8s.controller.deployment.DeploymentTriggers;
import minik8s.controller.owner.Owned;
import minik8s.controller.replicaset.ReplicaSetReconciler;
import minik8s.controller.replicaset.ReplicaSetTriggers;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cluster of deployments, sets and pods in memory, with both controllers and a kubelet that does
 * what the test says. Nothing moves by itself: caches are as stale as the test leaves them.
 */
public final class World {
  public final FakeApi api;
  public final ManualTimers timers;
  private final Index<Deployment> deploymentsByNamespace = Index.byNamespace();
  private final Index<ReplicaSet> setsByNamespace = Index.byNamespace();
  private final Index<ReplicaSet> setsByOwner = Owned.index();
  private final Index<Pod> podsByOwner = Owned.index();
  private final Informer<Deployment> deployments =
      new Informer<>(Resources.DEPLOYMENTS, ListOptions.ALL, List.of(deploymentsByNamespace));
  private final Informer<ReplicaSet> sets =
      new Informer<>(
          Resources.REPLICA_SETS, ListOptions.ALL, List.of(setsByNamespace, setsByOwner));
  private final Informer<Pod> pods =
      new Informer<>(Resources.PODS, ListOptions.ALL, List.of(podsByOwner));
  public final Feed<Deployment> deploymentFeed;
  public final Feed<ReplicaSet> setFeed;
  public final Feed<Pod> podFeed;
  private final Deque<ObjectList<Deployment>> deploymentHistory = new ArrayDeque<>();
  private final Deque<ObjectList<ReplicaSet>> setHistory = new ArrayDeque<>();
  private final Deque<ObjectList<Pod>> podHistory = new ArrayDeque<>();
  public final ControlLoop deploymentLoop;
  public final ControlLoop setLoop;

  public World() {
    this(new FakeApi(), new ManualTimers());
  }

  /** The same cluster after the controller-manager was killed: new memory, fresh lists. */
  public World restart() {
    return new World(api, timers);
  }

  private World(FakeApi api, ManualTimers timers) {
    this.api = api;
    this.timers = timers;
    EventRecorder events = new EventRecorder(new FakeApi(), "test", "", timers);
    WorkQueue<ObjectKey> deploymentQueue = new WorkQueue<>(timers);
    DeploymentReconciler deployer =
        new DeploymentReconciler(
            api,
            deployments.lister(),
            sets.lister(),
            setsByOwner,
            pods.lister(),
            podsByOwner,
            events,
            timers);
    DeploymentTriggers.wire(
        deploymentQueue, deployer, deployments, deploymentsByNamespace, sets, pods);
    deploymentLoop = new ControlLoop("deployment", deploymentQueue, deployer, LoopMetrics.NONE);
    WorkQueue<ObjectKey> setQueue = new WorkQueue<>(timers);
    ReplicaSetReconciler reconciler =
        new ReplicaSetReconciler(
            api, sets.lister(), setsByOwner, pods.lister(), podsByOwner, events, timers);
    ReplicaSetTriggers.wire(setQueue, reconciler, sets, setsByNamespace, pods);
    setLoop = new ControlLoop("replicaset", setQueue, reconciler, LoopMetrics.NONE);
    deploymentFeed = new Feed<>(api, deployments);
    setFeed = new Feed<>(api, sets);
    podFeed = new Feed<>(api, pods);
  }

  /** Notes the present state as one that caches may be at later. */
  public void record() {
    deploymentHistory.add(api.list(Resources.DEPLOYMENTS, ListOptions.ALL));
    setHistory.add(api.list(Resources.REPLICA_SETS, ListOptions.ALL));
    podHistory.add(api.list(Resources.PODS, ListOptions.ALL));
  }

  /** Moves the cache of deployments on by some recorded states, as a lagging watch would. */
  public void lagDeployments(int states) {
    advance(deployments, deploymentHistory, states);
  }

  public void lagSets(int states) {
    advance(sets, setHistory, states);
  }

  public void lagPods(int states) {
    advance(pods, podHistory, states);
  }

  /** What the cache has passed is forgotten: it never goes back. */
  private static <T extends KubeObject> void advance(
      Informer<T> informer, Deque<ObjectList<T>> history, int states) {
    for (int i = 0; i < states && !history.isEmpty(); i++) {
      informer.replace(history.remove());
    }
  }

  /** Creates a deployment {@code web}; its template runs the image. */
  public Deployment deploy(int replicas, String image, Consumer<ObjectNode> spec) {
    ObjectNode document = Json.object();
    document.putObject("metadata").put("name", "web");
    ObjectNode body = document.putObject("spec").put("replicas", replicas);
    body.putObject("selector").putObject("matchLabels").put("app", "web");
    body.set("template", template(image));
    spec.accept(body);
    return api.create(Resources.DEPLOYMENTS, "default", document);
  }

  public static ObjectNode template(String image) {
    ObjectNode template = Json.object();
    template.putObject("metadata").putObject("labels").put("app", "web");
    template
        .putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "c")
        .put("image", image);
    return template;
  }

  /** Changes the deployment's spec by merge patch. */
  public void change(Consumer<ObjectNode> spec) {
    ObjectNode patch = Json.object();
    spec.accept(patch.putObject("spec"));
    api.patch(Resources.DEPLOYMENTS, deployment().key(), "", PatchType.MERGE, patch);
  }

  public void changeImage(String image) {
    change(spec -> spec.set("template", template(image)));
  }

  public Deployment deployment() {
    return api.get(Resources.DEPLOYMENTS, new ObjectKey("default", "web"));
  }

  public List<ReplicaSet> sets() {
    return all(Resources.REPLICA_SETS);
  }

  public List<Pod> pods() {
    return all(Resources.PODS);
  }

  public List<Pod> activePods() {
    return pods().stream().filter(Pod::active).toList();
  }

  public long availablePods() {
    return activePods().stream().filter(Pod::ready).count();
  }

  private <T> List<T> all(Resource<T> resource) {
    return api.list(resource, ListOptions.ALL).items();
  }

  /** The set whose pods run the image. */
  public ReplicaSet set(String image) {
    return sets().stream()
        .filter(set -> image.equals(image(set.spec().template().node())))
        .findFirst()
        .orElseThrow();
  }

  private static String image(JsonNode template) {
    return template.at("/spec/containers/0/image").asString("");
  }

  /** Brings all caches to now. */
  public void catchUp() {
    deploymentHistory.clear();
    setHistory.clear();
    podHistory.clear();
    deploymentFeed.catchUp();
    setFeed.catchUp();
    podFeed.catchUp();
  }

  /** Lets the controllers work until nothing changes; the kubelet stands still. */
  public void settle() {
    for (int round = 0; round < 200; round++) {
      catchUp();
      boolean worked = deploymentLoop.step();
      worked |= setLoop.step();
      if (!worked) {
        return;
      }
    }
    throw new AssertionError("the controllers never come to rest");
  }

  /** One look at everything, then one step of each controller. */
  public void settleOnce() {
    catchUp();
    deploymentLoop.step();
    setLoop.step();
  }

  /** Binds the pod and makes it ready, as scheduler and kubelet would. */
  public void start(Pod pod) {
    if (!pod.bound()) {
      api.post(
          Resources.PODS,
          pod.key(),
          "binding",
          Json.tree(Map.of("target", Map.of("name", "node-1"))));
    }
    setReady(pod, true);
  }

  /** Lets time go by, starts the pod and lets the controllers come to rest. */
  public void startAfter(Duration pause, Pod pod) {
    timers.advance(pause);
    start(pod);
    settle();
  }

  public void setReady(Pod pod, boolean ready) {
    ObjectNode patch = Json.object();
    ObjectNode status = patch.putObject("status").put("phase", "Running");
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", ready ? "True" : "False")
        .put("lastTransitionTime", Json.time(timers.clock().instant()));
    api.patch(Resources.PODS, pod.key(), "status", PatchType.MERGE, patch);
  }

  /** Starts every pod that waits, removes every pod that terminates, until all is at rest. */
  public void runToRest() {
    for (int round = 0; round < 200; round++) {
      settle();
      List<Pod> waiting = new ArrayList<>();
      for (Pod pod : pods()) {
        if (pod.metadata().deleting()) {
          api.delete(Resources.PODS, pod.key(), minik8s.client.DeleteOptions.now(pod.uid()));
          waiting.add(pod);
        } else if (!pod.finished() && !pod.ready()) {
          start(pod);
          waiting.add(pod);
        }
      }
      if (waiting.isEmpty()) {
        return;
      }
      timers.advance(Duration.ofSeconds(1));
    }
    throw new AssertionError("the cluster never comes to rest");
  }

  /** Rolls out to the end although the clock stands still: whatever waits for time never comes. */
  public void runToRestAtOnce() {
    for (int round = 0; round < 200; round++) {
      settle();
      List<Pod> waiting =
          pods().stream()
              .filter(pod -> pod.metadata().deleting() || !(pod.finished() || pod.ready()))
              .toList();
      if (waiting.isEmpty()) {
        return;
      }
      Pod next = waiting.getFirst();
      if (next.metadata().deleting()) {
        api.delete(Resources.PODS, next.key(), minik8s.client.DeleteOptions.now(next.uid()));
      } else {
        start(next);
      }
    }
    throw new AssertionError("the cluster never comes to rest");
  }

  /** How many statuses of objects of the kind were written. */
  public long statusWrites(Resource<?> resource) {
    return api.writes().stream()
        .filter(write -> write.plural().equals(resource.plural()))
        .filter(write -> write.subresource().equals("status"))
        .count();
  }

  public Instant now() {
    return timers.clock().instant();
  }
}
