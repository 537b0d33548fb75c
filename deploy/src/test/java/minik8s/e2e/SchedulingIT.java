package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where pods go on three nodes, by the manifests of docs/examples/scheduling. */
class SchedulingIT {
  private static final TestCluster CLUSTER = TestCluster.named("scheduling");
  private static final String SLOT =
      "{\"status\":{\"capacity\":{\"example.com/slot\":\"1\"},"
          + "\"allocatable\":{\"example.com/slot\":\"1\"}}}";

  @BeforeAll
  static void start() {
    CLUSTER.minik8s("up", "--no-build", "--nodes", "3").ok();
  }

  @AfterAll
  static void stop() {
    CLUSTER.remove();
  }

  @Test
  void spreadsReplicasEvenly() {
    Client kubectl = fresh("spread");
    kubectl.apply(TestCluster.example("scheduling/spread.yaml")).ok();
    kubectl.run("rollout", "status", "deployment/even", "--timeout=120s").ok();
    assertThat(podsPerNode(kubectl, "app=even"))
        .isEqualTo(Map.of("node-1", 2, "node-2", 2, "node-3", 2));
    kubectl.run("delete", "deployment", "even").ok();
  }

  @Test
  void keepsReplicasApartAndServersBesideTheirCaches() {
    Client kubectl = fresh("apart");
    kubectl.apply(TestCluster.example("scheduling/anti-affinity.yaml")).ok();
    kubectl.run("rollout", "status", "deployment/cache", "--timeout=120s").ok();
    kubectl.run("rollout", "status", "deployment/server", "--timeout=120s").ok();
    Map<String, Integer> oneEach = Map.of("node-1", 1, "node-2", 1, "node-3", 1);
    assertThat(podsPerNode(kubectl, "app=store")).isEqualTo(oneEach);
    assertThat(podsPerNode(kubectl, "app=web-store")).isEqualTo(oneEach);

    kubectl.run("scale", "deployment/cache", "--replicas=4").ok();
    Patience.until(
        "the fourth replica says why it waits",
        () ->
            kubectl
                .run("get", "pods", "-l", "app=store", "-o", "jsonpath=" + CONDITIONS)
                .ok()
                .out()
                .contains(
                    "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules."
                        + " preemption: 0/3 nodes are available: 3 "));
    kubectl.run("delete", "deployment", "cache", "server").ok();
  }

  private static final String CONDITIONS =
      "{range .items[*]}{.status.conditions[?(@.type==\"PodScheduled\")].message}{\"\\n\"}{end}";

  @Test
  void displacesALessImportantPod() {
    Client kubectl = fresh("priority");
    for (String node : List.of("node-1", "node-2", "node-3")) {
      kubectl.run("patch", "node", node, "--subresource=status", "-p", SLOT).ok();
    }
    kubectl.apply(TestCluster.example("scheduling/priority.yaml")).ok();
    kubectl.run("rollout", "status", "deployment/filler", "--timeout=120s").ok();

    kubectl.apply(TestCluster.example("scheduling/urgent-pod.yaml")).ok();
    kubectl.run("wait", "--for=condition=Ready", "pod/urgent", "--timeout=120s").ok();
    Patience.until(
        "the event",
        () ->
            kubectl
                .run("get", "events", "-o", "jsonpath={.items[?(@.reason==\"Preempted\")].message}")
                .ok()
                .out()
                .contains("Preempted by pod " + kubectl.field("pod/urgent", "{.metadata.uid}")));
    Patience.until(
        "who was displaced is replaced by one that waits",
        () ->
            kubectl
                .run("get", "pods", "-l", "app=filler", "-o", "jsonpath=" + CONDITIONS)
                .ok()
                .out()
                .contains("3 Insufficient example.com/slot"));
    kubectl.run("delete", "pod/urgent").ok();
    kubectl.run("rollout", "status", "deployment/filler", "--timeout=120s").ok();
    kubectl.run("delete", "deployment", "filler").ok();
  }

  @Test
  void waitsForGates() {
    Client kubectl = fresh("gates");
    kubectl.apply(TestCluster.example("scheduling/gated-pod.yaml")).ok();
    Patience.until(
        "the reason",
        () ->
            kubectl
                .field("pod/gated", "{.status.conditions[?(@.type==\"PodScheduled\")].reason}")
                .equals("SchedulingGated"));
    assertThat(kubectl.run("get", "pod", "gated").ok().out()).contains("SchedulingGated");
    kubectl
        .run("patch", "pod", "gated", "--type=merge", "-p", "{\"spec\":{\"schedulingGates\":null}}")
        .ok();
    kubectl.run("wait", "--for=condition=Ready", "pod/gated", "--timeout=120s").ok();
    kubectl.run("delete", "pod/gated").ok();
  }

  private static Client fresh(String namespace) {
    return Namespaces.fresh(new Clients(CLUSTER).ours(), namespace);
  }

  private static Map<String, Integer> podsPerNode(Client kubectl, String selector) {
    String nodes =
        kubectl
            .run(
                "get",
                "pods",
                "-l",
                selector,
                "-o",
                "jsonpath={range .items[*]}{.spec.nodeName}{\"\\n\"}{end}")
            .ok()
            .out();
    Map<String, Integer> counts = new TreeMap<>();
    nodes
        .lines()
        .filter(node -> !node.isBlank())
        .forEach(node -> counts.merge(node, 1, Integer::sum));
    return counts;
  }
}
