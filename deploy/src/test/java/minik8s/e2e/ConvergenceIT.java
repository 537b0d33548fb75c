package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What `kill -9` of anything may not change: the outcome, and whatever was not being changed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@OneByOne
class ConvergenceIT {
  private static final String NAMESPACE = "convergence";
  private static final int REPLICAS = 20;
  private static final TestCluster CLUSTER = TestCluster.shared();
  private static final Client KUBECTL = Namespaces.fresh(fastest(), NAMESPACE);
  private static int version = 1;

  /** Any client will do here; a Go one answers sooner, and these tests ask often. */
  private static Client fastest() {
    return new Clients(CLUSTER).all().getLast();
  }

  @BeforeAll
  static void startWhatIsLeftAlone() {
    KUBECTL.feed(deployment("bystander", 3, 1), "apply", "-f", "-").ok();
    KUBECTL.feed(deployment("rolling", REPLICAS, version), "apply", "-f", "-").ok();
    KUBECTL.run("rollout", "status", "deployment/bystander", "--timeout=240s").ok();
    KUBECTL.run("rollout", "status", "deployment/rolling", "--timeout=240s").ok();
  }

  @AfterAll
  static void remove() {
    KUBECTL.run("delete", "namespace", NAMESPACE);
  }

  @Order(1)
  @ParameterizedTest
  @ValueSource(strings = {"apiserver", "scheduler", "controller-manager", "kubelet-node-1", "etcd"})
  void convergesWhenADaemonIsKilledDuringARollout(String daemon) {
    Map<String, String> before = containers("bystander");
    version = 3 - version;
    try (DockerEvents docker = new DockerEvents(CLUSTER);
        Running pods =
            KUBECTL.start(
                "get", "pods", "-w", "-o", "jsonpath={.metadata.uid} {.spec.nodeName}{\"\\n\"}")) {
      KUBECTL.feed(deployment("rolling", REPLICAS, version), "apply", "-f", "-").ok();
      Patience.until("the rollout to be under way", () -> updated() >= 3);
      CLUSTER.daemon(daemon).destroyForcibly();
      converges();
      assertThat(containers("bystander"))
          .as("containers of pods that nobody changed")
          .isEqualTo(before);
      assertThat(docker.starts())
          .as("starts per container")
          .allSatisfy((_, starts) -> assertThat(starts).isEqualTo(1));
      assertThat(nodesPerPod(pods))
          .as("nodes per pod")
          .allSatisfy((_, nodes) -> assertThat(nodes).hasSizeLessThan(2));
    }
  }

  @Order(2)
  @Test
  void restartsAKilledContainerAndBacksOff() {
    String pod = containers("bystander").keySet().iterator().next();
    killContainer(pod);
    Patience.until("the first restart", () -> restarts(pod) == 1 && isRunning(pod));
    killContainer(pod);
    Patience.until(
        "back-off before the second restart",
        () -> KUBECTL.run("get", "pod", pod).ok().out().contains("CrashLoopBackOff"));
    Patience.until("the second restart", () -> restarts(pod) == 2 && isRunning(pod));
  }

  @Order(3)
  @Test
  void bringsPodsBackAfterTheDockerEngineRestarts() {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Boolean.parseBoolean(System.getProperty("minik8s.test.restart-docker", "true")),
        "others use this engine");
    List<String> pidFile = List.of("cat", "/var/lib/minik8s-docker/run/dockerd.pid");
    Ran pid = Programs.run(pidFile);
    org.junit.jupiter.api.Assumptions.assumeTrue(
        pid.exit() == 0, "this engine is not ours to restart");
    ProcessHandle.of(Long.parseLong(pid.out().strip())).orElseThrow().destroyForcibly();
    version = 3 - version;
    KUBECTL.feed(deployment("rolling", REPLICAS, version), "apply", "-f", "-").ok();
    converges();
    KUBECTL.run("rollout", "status", "deployment/bystander", "--timeout=240s").ok();
  }

  /** All replicas new, ready, and none too many, in the API and in Docker. */
  private static void converges() {
    Patience.until("all daemons to be well", () -> CLUSTER.minik8s("status").exit() == 0);
    KUBECTL.run("rollout", "status", "deployment/rolling", "--timeout=240s").ok();
    Patience.until("only the new pods to be left", () -> containers("rolling").size() == REPLICAS);
    assertThat(
            KUBECTL.field(
                "deployment/rolling",
                "{.status.replicas} {.status.readyReplicas} {.status.updatedReplicas}"))
        .isEqualTo("20 20 20");
    assertThat(new HashSet<>(containers("rolling").values()).size()).isEqualTo(REPLICAS);
  }

  private static int updated() {
    String count = KUBECTL.field("deployment/rolling", "{.status.updatedReplicas}");
    return count.isEmpty() ? 0 : Integer.parseInt(count);
  }

  /** Container id and start of each pod of an app, by pod name. */
  private static Map<String, String> containers(String app) {
    return KUBECTL
        .run(
            "get",
            "pods",
            "-l",
            "app=" + app,
            "-o",
            "jsonpath={range .items[*]}{.metadata.name}={.status.containerStatuses[0].containerID} "
                + "{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].state.running.startedAt}{\"\\n\"}{end}")
        .ok()
        .out()
        .lines()
        .filter(line -> line.contains("="))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> line.substring(line.indexOf('=') + 1)));
  }

  private static Map<String, Set<String>> nodesPerPod(Running watch) {
    Map<String, Set<String>> nodes = new HashMap<>();
    for (String line : watch.lines()) {
      String[] words = line.strip().split(" ", -1);
      if (words.length == 2) {
        nodes.computeIfAbsent(words[0], _ -> new TreeSet<>()).add(words[1]);
      }
    }
    return nodes;
  }

  private static void killContainer(String pod) {
    String id =
        KUBECTL
            .field("pod/" + pod, "{.status.containerStatuses[0].containerID}")
            .replace("docker://", "");
    String pid =
        Programs.run(List.of("docker", "inspect", "-f", "{{.State.Pid}}", id)).ok().out().strip();
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
  }

  private static int restarts(String pod) {
    return Integer.parseInt(
        KUBECTL.field("pod/" + pod, "{.status.containerStatuses[0].restartCount}"));
  }

  private static boolean isRunning(String pod) {
    return !KUBECTL
        .field("pod/" + pod, "{.status.containerStatuses[0].state.running.startedAt}")
        .isEmpty();
  }

  private static String deployment(String name, int replicas, int version) {
    return Json.mapper()
        .writeValueAsString(
            Json.parse(
                """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "NAME"},
                 "spec": {"replicas": REPLICAS, "selector": {"matchLabels": {"app": "NAME"}},
                  "template": {"metadata": {"labels": {"app": "NAME"}}, "spec": {"terminationGracePeriodSeconds": 2,
                   "containers": [{"name": "web", "image": "minik8s/web:VERSION"}]}}}}
                """
                    .replace("NAME", name)
                    .replace("REPLICAS", Integer.toString(replicas))
                    .replace("VERSION", Integer.toString(version))
                    .getBytes(StandardCharsets.UTF_8)));
  }
}
