package minik8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import minik8s.api.Condition;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.control.EventRecorder;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.plugins.StandardProfile;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import minik8s.testing.Pods;
import tools.jackson.databind.node.ObjectNode;

/** A scheduler over a fake API server, on one thread. What blocks runs when the test says so. */
final class Bed implements AutoCloseable {
  final FakeApi api;
  final ManualTimers timers;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Queue<Runnable> writes = new ConcurrentLinkedQueue<>();
  final SchedulingLoop loop;
  final ApiGateway gateway;
  private final EventRecorder events;
  private final List<Feed<?>> feeds = new ArrayList<>();

  Bed() {
    this(new FakeApi(), new ManualTimers());
    loop.lead();
  }

  /** A scheduler that does not lead yet, over a cluster that is there already. */
  Bed(FakeApi api, ManualTimers timers) {
    this(api, timers, List.of(StandardProfile.create()));
  }

  /** The same with these profiles. */
  Bed(FakeApi api, ManualTimers timers, List<Profile> profiles) {
    this.api = api;
    this.timers = timers;
    events = new EventRecorder(api, "default-scheduler", "", timers);
    gateway = new ApiGateway(api, events, timers);
    loop =
        new SchedulingLoop(profiles, gateway, writes::add, timers, new SchedulerMetrics(registry));
    follow(Resources.NODES, loop::nodeChanged);
    follow(Resources.NAMESPACES, loop::otherChanged);
    follow(Resources.STORAGE_CLASSES, loop::otherChanged);
    follow(Resources.PERSISTENT_VOLUMES, loop::otherChanged);
    follow(Resources.PERSISTENT_VOLUME_CLAIMS, loop::otherChanged);
    follow(Resources.POD_DISRUPTION_BUDGETS, loop::otherChanged);
    follow(Resources.PODS, loop::podChanged);
  }

  private <T extends KubeObject> void follow(
      Resource<T> resource, Informer.Handler<? super T> handler) {
    Informer<T> informer = new Informer<>(resource, ListOptions.ALL, List.of());
    informer.onChange((old, now) -> handler.changed(old, now));
    feeds.add(new Feed<>(api, informer));
  }

  void create(Nodes node) {
    api.create(Resources.NODES, "", node.document());
  }

  /** Creates a disruption budget. */
  void create(ObjectNode budget) {
    api.create(Resources.POD_DISRUPTION_BUDGETS, "default", budget);
  }

  void update(Nodes node) {
    api.replace(
        Resources.NODES, ObjectKey.cluster(node.build().metadata().name()), node.document());
  }

  void updateStatus(Nodes node) {
    ObjectNode patch = Json.object();
    patch.set("status", node.document().get("status"));
    api.patchStatus(Resources.NODES, ObjectKey.cluster(node.build().metadata().name()), patch);
  }

  void create(Pods pod) {
    api.create(Resources.PODS, "default", pod.document());
  }

  void delete(String pod) {
    api.delete(Resources.PODS, key(pod), DeleteOptions.now(pod(pod).uid()));
  }

  /** Shows the loop what the API server has. */
  void see() {
    feeds.forEach(Feed::catchUp);
  }

  /** Tries every pod that is to be tried now; returns how many attempts that took. */
  int attempt() {
    int attempts = 0;
    while (loop.step()) {
      attempts++;
    }
    return attempts;
  }

  /** Runs what blocks. */
  void write() {
    for (Runnable write = writes.poll(); write != null; write = writes.poll()) {
      write.run();
    }
  }

  /** Goes round until nothing is left to do. */
  int settle() {
    int attempts = 0;
    int more;
    do {
      see();
      more = attempt();
      write();
      attempts += more;
    } while (more > 0);
    see();
    return attempts + attempt();
  }

  Pod pod(String name) {
    return api.get(Resources.PODS, key(name));
  }

  String nodeOf(String pod) {
    return pod(pod).spec().nodeName();
  }

  Condition condition(String pod) {
    Condition condition = Condition.find(pod(pod).status().conditions(), "PodScheduled");
    assertThat(condition).as("PodScheduled of " + pod).isNotNull();
    return java.util.Objects.requireNonNull(condition);
  }

  List<FakeApi.Write> podWrites(String subresource) {
    return api.writes().stream()
        .filter(w -> w.plural().equals("pods") && w.subresource().equals(subresource))
        .toList();
  }

  static ObjectKey key(String pod) {
    return new ObjectKey("default", pod);
  }

  @Override
  public void close() {
    events.close();
    timers.close();
  }
}
