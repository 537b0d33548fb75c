package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What keeps workloads within bounds, and where their data stay: docs/examples/policies. */
@OneByOne
class PoliciesIT {
  private final TestCluster cluster = TestCluster.shared();
  private final Client ours = new Clients(cluster).ours();

  private static Path example(String name) {
    return TestCluster.example("policies/" + name);
  }

  private static String pod(String name, String resources) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - {name: c, image: "busybox:1.36", command: [sleep, 1h]%s}
    """
        .formatted(name, resources.isEmpty() ? "" : ", resources: " + resources);
  }

  @Test
  void growsUnderLoadAndShrinksAfter() {
    Client kubectl = Namespaces.fresh(ours, "policies-hpa");
    kubectl.apply(example("hpa.yaml")).ok();
    kubectl.run("rollout", "status", "deployment/worker", "--timeout=120s").ok();
    String first = kubectl.field("pods", "{.items[0].metadata.name}");
    kubectl.run("exec", first, "--", "touch", "/tmp/load").ok();
    Patience.until("three workers", () -> size(kubectl, "{.spec.replicas}") == 3);
    assertThat(kubectl.run("describe", "hpa", "worker").ok().out())
        .contains("SuccessfulRescale", "cpu resource utilization (percentage of request)");
    assertThat(kubectl.run("top", "pods", "--containers").ok().out()).contains(first);
    assertThat(ours.run("top", "nodes").ok().out()).contains("CPU(cores)");
    kubectl.run("exec", first, "--", "rm", "/tmp/load").ok();
    Patience.until("one worker", () -> size(kubectl, "{.spec.replicas}") == 1);
    assertThat(kubectl.run("describe", "hpa", "worker").ok().out())
        .contains("All metrics below target");
    kubectl.run("delete", "-f", example("hpa.yaml").toString()).ok();
  }

  private static int size(Client kubectl, String path) {
    return Integer.parseInt(kubectl.field("deployment/worker", path));
  }

  @Test
  void refusesWhatExceedsAQuota() {
    Client kubectl = Namespaces.fresh(ours, "policies-quota");
    kubectl.apply(example("quota.yaml")).ok();
    Patience.until(
        "the quota counts",
        () -> kubectl.field("quota/compute", "{.status.used.pods}").equals("0"));
    kubectl.feed(pod("a", "{requests: {cpu: 200m}}"), "apply", "-f", "-").ok();
    assertThat(kubectl.feed(pod("b", "{requests: {cpu: 400m}}"), "apply", "-f", "-").exits(1).err())
        .contains(
            "pods \"b\" is forbidden: exceeded quota: compute, requested: requests.cpu=400m, used:"
                + " requests.cpu=200m, limited: requests.cpu=500m");
    kubectl.feed(pod("b", "{requests: {cpu: 300m}}"), "apply", "-f", "-").ok();
    assertThat(kubectl.feed(pod("c", ""), "apply", "-f", "-").exits(1).err())
        .contains("failed quota: compute: must specify requests.cpu for: c");
    assertThat(kubectl.run("describe", "quota", "compute").ok().out())
        .containsPattern("pods +2 +2")
        .containsPattern("requests.cpu +500m +500m");
    kubectl.run("delete", "pod", "a", "b").ok();
    Patience.until(
        "the quota is free again",
        () -> kubectl.field("quota/compute", "{.status.used.pods}").equals("0"));
    kubectl.run("delete", "namespace", "policies-quota").ok();
  }

  @Test
  void givesContainersTheirDefaultsAndLimits() {
    Client kubectl = Namespaces.fresh(ours, "policies-limits");
    kubectl.apply(example("limits.yaml")).ok();
    // The API server's own cache shows the range a moment later.
    Patience.until(
        "defaults are given",
        () -> {
          kubectl.run("delete", "pod", "plain", "--ignore-not-found").ok();
          kubectl.feed(pod("plain", ""), "apply", "-f", "-").ok();
          return kubectl
              .field("pod/plain", "{.spec.containers[0].resources.requests.cpu}")
              .equals("50m");
        });
    assertThat(kubectl.field("pod/plain", "{.spec.containers[0].resources.limits.memory}"))
        .isEqualTo("64Mi");
    assertThat(kubectl.feed(pod("big", "{limits: {cpu: '1'}}"), "apply", "-f", "-").exits(1).err())
        .contains("maximum cpu usage per Container is 500m, but limit is 1");
    kubectl.run("delete", "namespace", "policies-limits").ok();
  }

  @Test
  void holdsBackADrain() {
    Client kubectl = Namespaces.fresh(ours, "policies-budget");
    kubectl.apply(example("budget.yaml")).ok();
    kubectl.run("rollout", "status", "deployment/guarded", "--timeout=120s").ok();
    Patience.until(
        "the budget has counted",
        () -> kubectl.field("pdb/guarded", "{.status.currentHealthy}").equals("2"));
    String node = kubectl.field("pods", "{.items[0].spec.nodeName}");
    try {
      assertThat(drain(node, "3s").exits(1).err())
          .contains("Cannot evict pod as it would violate the pod's disruption budget.");
      assertThat(kubectl.field("pdb/guarded", "{.status.currentHealthy}")).isEqualTo("2");
      kubectl
          .run("patch", "pdb", "guarded", "--type=merge", "-p", "{\"spec\":{\"minAvailable\":0}}")
          .ok();
      assertThat(drain(node, "100s").ok().out()).contains("evicted", "node/" + node + " drained");
    } finally {
      ours.run("uncordon", node).ok();
    }
    kubectl.run("rollout", "status", "deployment/guarded", "--timeout=120s").ok();
    kubectl.run("delete", "namespace", "policies-budget").ok();
  }

  private Ran drain(String node, String limit) {
    return ours.run(
        "drain", node, "--pod-selector=app=guarded", "--ignore-daemonsets", "--timeout=" + limit);
  }

  @Test
  void keepsDataOverANewPod() {
    Client kubectl = Namespaces.fresh(ours, "policies-claim");
    for (int start = 1; start <= 2; start++) {
      kubectl.apply(example("claim.yaml")).ok();
      kubectl.run("wait", "--for=condition=Ready", "pod/writer", "--timeout=120s").ok();
      String lines = "started\n".repeat(start);
      Patience.until(
          "what was written",
          () -> kubectl.run("exec", "writer", "--", "cat", "/notes/log").out().equals(lines));
      kubectl.run("delete", "pod", "writer").ok();
    }
    assertThat(kubectl.field("pvc/notes", "{.status.phase}")).isEqualTo("Bound");
    String volume = kubectl.field("pvc/notes", "{.spec.volumeName}");
    Path folder = Path.of(kubectl.field("pv/" + volume, "{.spec.hostPath.path}"));
    assertThat(folder).isDirectory();
    kubectl.run("delete", "pvc", "notes").ok();
    Patience.until(
        "the folder is gone", () -> !kubectl.run("get", "pv", volume).out().contains(volume));
    assertThat(folder).doesNotExist();
    kubectl.run("delete", "namespace", "policies-claim").ok();
  }

  @Test
  void bindsAVolumeThatWasMadeByHand() {
    Client kubectl = Namespaces.fresh(ours, "policies-static");
    kubectl.apply(example("static-volume.yaml")).ok();
    Patience.until(
        "both are bound", () -> kubectl.field("pvc/by-hand", "{.status.phase}").equals("Bound"));
    assertThat(kubectl.run("describe", "pv", "by-hand").ok().out())
        .contains("policies-static/by-hand", "HostPath");
    kubectl.run("delete", "pvc", "by-hand").ok();
    Patience.until(
        "the volume is kept",
        () -> kubectl.field("pv/by-hand", "{.status.phase}").equals("Released"));
    kubectl
        .run("delete", "-f", example("static-volume.yaml").toString(), "--ignore-not-found")
        .ok();
    kubectl.run("delete", "namespace", "policies-static").ok();
  }
}
