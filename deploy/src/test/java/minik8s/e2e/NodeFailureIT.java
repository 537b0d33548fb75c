package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One of three kubelets dies and stays dead for a while; its containers do not know. */
class NodeFailureIT {
  private static final TestCluster CLUSTER = TestCluster.named("nodefailure");
  private static final String LOST = "node-3";

  @BeforeAll
  static void start() {
    CLUSTER.minik8s("up", "--no-build", "--nodes", "3").ok();
    CLUSTER.addFlags(
        "controller-manager", "--node-monitor-grace-period=15s", "--node-eviction-rate=10");
  }

  @AfterAll
  static void remove() {
    CLUSTER.remove();
  }

  @Test
  void movesWhatMayMoveAndNeverRunsTheSameNameTwice() {
    Client kubectl = new Clients(CLUSTER).all().getLast();
    kubectl.apply(TestCluster.example("workloads/node-failure.yaml")).ok();
    kubectl.run("rollout", "status", "deployment/stateless", "--timeout=100s").ok();
    kubectl.run("rollout", "status", "sts/stateful", "--timeout=100s").ok();
    List<String> stateful = onLostNode(kubectl, "stateful");
    List<String> stateless = onLostNode(kubectl, "stateless");
    assertThat(stateful).isNotEmpty();
    assertThat(stateless).isNotEmpty();
    Map<String, String> uids = uids(kubectl, stateful);

    CLUSTER.kill("kubelet-" + LOST);
    Patience.until("the deployment to be whole elsewhere", () -> onOtherNodes(kubectl).size() == 6);
    for (String pod : stateful) {
      assertThat(kubectl.field("pod/" + pod, "{.metadata.uid}")).isEqualTo(uids.get(pod));
      assertThat(kubectl.field("pod/" + pod, "{.metadata.deletionTimestamp}")).isNotEmpty();
    }
    assertThat(names("stateful")).as("running containers").hasSize(6).doesNotHaveDuplicates();

    CLUSTER.revive("kubelet-" + LOST);
    Patience.until(
        "the node to be back",
        () ->
            kubectl
                .field("node/" + LOST, "{.status.conditions[?(@.type=='Ready')].status}")
                .equals("True"));
    Set<String> seenTwice = new HashSet<>();
    Patience.until(
        "the stateful set to be whole again",
        () -> {
          List<String> names = names("stateful");
          names.stream()
              .filter(name -> Collections.frequency(names, name) > 1)
              .forEach(seenTwice::add);
          return kubectl.field("sts/stateful", "{.status.readyReplicas}").equals("6")
              && stateful.stream()
                  .noneMatch(
                      pod -> kubectl.field("pod/" + pod, "{.metadata.uid}").equals(uids.get(pod)));
        });
    assertThat(seenTwice).as("names that ran twice at once").isEmpty();
    Patience.until(
        "the old pods to be gone",
        () -> names("stateless").size() == 6 && onOtherNodes(kubectl).size() == 6);
    assertThat(kubectl.field("deployment/stateless", "{.status.replicas}")).isEqualTo("6");
  }

  private static List<String> onLostNode(Client kubectl, String app) {
    return pods(kubectl, app, "spec.nodeName=" + LOST, "{.metadata.name}");
  }

  /** Names of the deployment's ready pods that are not on the lost node. */
  private static List<String> onOtherNodes(Client kubectl) {
    List<String> ready =
        pods(
            kubectl,
            "stateless",
            "spec.nodeName!=" + LOST,
            "{.metadata.name} {.status.containerStatuses[0].ready} {.metadata.deletionTimestamp}");
    return ready.stream().filter(line -> line.strip().endsWith(" true")).toList();
  }

  private static List<String> pods(Client kubectl, String app, String fields, String path) {
    String range = "jsonpath={range .items[*]}" + path + "{\"\\n\"}{end}";
    return kubectl
        .run("get", "pods", "-l", "app=" + app, "--field-selector", fields, "-o", range)
        .ok()
        .out()
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  private static Map<String, String> uids(Client kubectl, List<String> pods) {
    Map<String, String> uids = new HashMap<>();
    pods.forEach(pod -> uids.put(pod, kubectl.field("pod/" + pod, "{.metadata.uid}")));
    return uids;
  }

  /** Pod names of this cluster's running app containers, one for each container. */
  private static List<String> names(String prefix) {
    List<String> names = new ArrayList<>();
    Programs.run(
            List.of(
                "docker",
                "ps",
                "--filter",
                "label=io.minik8s.cluster=" + CLUSTER.id(),
                "--filter",
                "label=io.kubernetes.container.name=web",
                "--format",
                "{{.Label \"io.kubernetes.pod.name\"}}"))
        .ok()
        .out()
        .lines()
        .filter(name -> name.startsWith(prefix + "-"))
        .forEach(names::add);
    return names;
  }
}
