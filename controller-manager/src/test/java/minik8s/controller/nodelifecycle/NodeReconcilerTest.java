package minik8s.controller.nodelifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import minik8s.api.Condition;
import minik8s.api.Lease;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.EventRecorder;
import minik8s.control.LoopMetrics;
import minik8s.control.WorkQueue;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class NodeReconcilerTest {
  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final Index<Pod> byNode = new Index<>("node", pod -> List.of(pod.spec().nodeName()));
  private final Informer<Node> nodes = new Informer<>(Resources.NODES, ListOptions.ALL, List.of());
  private final Informer<Lease> leases =
      new Informer<>(Resources.LEASES, ListOptions.ALL, List.of());
  private final Informer<Pod> pods =
      new Informer<>(Resources.PODS, ListOptions.ALL, List.of(byNode));
  private final ControlLoop loop;
  private final List<Feed<?>> feeds;

  NodeReconcilerTest() {
    WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
    NodeReconciler reconciler =
        new NodeReconciler(
            api,
            nodes.lister(),
            pods.lister(),
            byNode,
            new EventRecorder(new FakeApi(), "test", "", timers),
            timers,
            Duration.ofSeconds(40),
            0.1);
    NodeTriggers.wire(queue, reconciler, nodes, leases, pods);
    loop = new ControlLoop("node", queue, reconciler, LoopMetrics.NONE);
    feeds = List.of(new Feed<>(api, nodes), new Feed<>(api, leases), new Feed<>(api, pods));
  }

  private void join(String name) {
    ObjectNode node = Json.object();
    node.putObject("metadata").put("name", name);
    node.putObject("spec");
    ready(node, "True");
    api.create(Resources.NODES, "", node);
    ObjectNode lease = Json.object();
    lease.putObject("metadata").put("name", name);
    lease.putObject("spec").put("holderIdentity", name);
    api.create(Resources.LEASES, "kube-node-lease", lease);
  }

  private static void ready(ObjectNode node, String status) {
    node.putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", status)
        .put("lastHeartbeatTime", "2026-01-01T00:00:00Z");
  }

  private void renew(String name) {
    ObjectNode patch = Json.object();
    patch
        .putObject("spec")
        .put("renewTime", new minik8s.api.MicroTime(timers.clock().instant()).text());
    api.patch(Resources.LEASES, new ObjectKey("kube-node-lease", name), "", PatchType.MERGE, patch);
  }

  private void settle() {
    do {
      feeds.forEach(Feed::catchUp);
    } while (loop.step());
  }

  /** Lets time pass in small steps in which only these nodes renew their leases. */
  private void pass(int seconds, String... alive) {
    for (int i = 0; i < seconds; i += 5) {
      timers.advance(Duration.ofSeconds(5));
      for (String name : alive) {
        renew(name);
      }
      settle();
    }
  }

  private Node node(String name) {
    return api.get(Resources.NODES, ObjectKey.cluster(name));
  }

  private List<String> taints(String name) {
    return node(name).spec().taints().stream().map(t -> t.key() + ":" + t.effect()).toList();
  }

  @Test
  void believesANodeThatRenewsItsLease() {
    join("a");
    pass(300, "a");
    assertThat(node("a").ready()).isTrue();
    assertThat(api.writes())
        .noneMatch(write -> write.plural().equals("nodes") && write.verb().equals("patch"));
  }

  @Test
  void marksASilentNodeItsTaintsAndItsPods() {
    join("a");
    join("b");
    api.create(Resources.PODS, "default", Pods.pod("web").node("a").running().document());
    settle();
    pass(60, "b");
    Condition ready = Condition.find(node("a").status().conditions(), "Ready");
    assertThat(ready).isNotNull();
    assertThat(ready.status()).isEqualTo("Unknown");
    assertThat(ready.reason()).isEqualTo("NodeStatusUnknown");
    assertThat(ready.message()).isEqualTo("Kubelet stopped posting node status.");
    assertThat(taints("a"))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/unreachable:NoSchedule",
            "node.kubernetes.io/unreachable:NoExecute");
    assertThat(api.get(Resources.PODS, new ObjectKey("default", "web")).ready()).isFalse();
    assertThat(node("b").ready()).isTrue();
    assertThat(taints("b")).isEmpty();
  }

  @Test
  void takesTheTaintsBackWhenTheNodeReturns() {
    join("a");
    join("b");
    pass(60, "b");
    ObjectNode patch = Json.object();
    ready(patch, "True");
    api.patch(Resources.NODES, ObjectKey.cluster("a"), "status", PatchType.MERGE, patch);
    pass(10, "a", "b");
    assertThat(taints("a")).isEmpty();
  }

  @Test
  void evictsFromNobodyWhileEveryNodeIsSilent() {
    join("a");
    join("b");
    pass(90);
    assertThat(taints("a")).containsExactly("node.kubernetes.io/unreachable:NoSchedule");
    assertThat(taints("b")).containsExactly("node.kubernetes.io/unreachable:NoSchedule");
  }

  @Test
  void evictsFromOneNodeInTenSeconds() {
    join("a");
    join("b");
    join("c");
    pass(45, "c");
    List<String> first = List.of("a", "b");
    assertThat(first.stream().filter(n -> taints(n).size() == 2)).hasSize(1);
    pass(15, "c");
    assertThat(first.stream().filter(n -> taints(n).size() == 2)).hasSize(2);
  }

  @Test
  void taintsACordonedNodeAndKeepsForeignTaints() {
    join("a");
    ObjectNode patch = Json.object();
    ObjectNode spec = patch.putObject("spec").put("unschedulable", true);
    spec.putArray("taints").add(Json.tree(Map.of("key", "gpu", "effect", "NoSchedule")));
    api.patch(Resources.NODES, ObjectKey.cluster("a"), "", PatchType.MERGE, patch);
    settle();
    assertThat(taints("a"))
        .containsExactly("gpu:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule");
    ObjectNode uncordon = Json.object();
    uncordon.putObject("spec").putNull("unschedulable");
    api.patch(Resources.NODES, ObjectKey.cluster("a"), "", PatchType.MERGE, uncordon);
    settle();
    assertThat(taints("a")).containsExactly("gpu:NoSchedule");
  }
}
