package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two hundred pods that fail as soon as they are started, on two nodes. How long others take
 * meanwhile is a row of {@code bench}.
 */
@Isolated("two hundred pods leave others no room on two cores")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HerdIT {
  private static final int PODS = 200;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
  private static final Duration LAST_DELAY = Duration.ofMinutes(5);
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final TestCluster CLUSTER = TestCluster.named("herd");
  private static final List<String> DAEMONS =
      List.of(
          "etcd",
          "apiserver",
          "scheduler",
          "controller-manager",
          "kubelet-node-1",
          "kubelet-node-2");

  /** What {@code kubectl get} tells of one pod of the herd. */
  private record Crashing(String name, Instant since, int restarts, String waitsFor) {
    /** Reads {@code name=… start=… restarts=… reason=…}; what is not there yet is empty. */
    static Crashing read(String line) {
      Map<String, String> fields = new HashMap<>();
      for (String field : line.split(" ", -1)) {
        int equals = field.indexOf('=');
        fields.put(field.substring(0, equals), field.substring(equals + 1));
      }
      String start = fields.getOrDefault("start", "");
      String restarts = fields.getOrDefault("restarts", "");
      return new Crashing(
          fields.getOrDefault("name", ""),
          start.isEmpty() ? Instant.MAX : Instant.parse(start),
          restarts.isEmpty() ? 0 : Integer.parseInt(restarts),
          fields.getOrDefault("reason", ""));
    }

    /** The first restart is at once, the next 10 s after, then 20 s, up to five minutes. */
    int allowed(Instant now) {
      Duration age = Duration.between(since, now);
      Duration delay = FIRST_DELAY;
      int count = 1;
      for (Duration due = delay; due.compareTo(age) < 0; due = due.plus(delay)) {
        count++;
        delay = Collections.min(List.of(delay.multipliedBy(2), LAST_DELAY));
      }
      return count;
    }
  }

  private static Map<String, Long> before = Map.of();

  @BeforeAll
  static void start() {
    CLUSTER.minik8s("up", "--no-build", "--nodes", "2").ok();
    before = processes();
    kubectl().feed(herd(), "apply", "-f", "-").ok();
  }

  @AfterAll
  static void remove() {
    CLUSTER.remove();
  }

  @Order(1)
  @Test
  void letsEveryPodBackOff() {
    Set<String> backedOff = new HashSet<>();
    Patience.until(
        "every pod to have been in back-off",
        LIMIT,
        () -> {
          pods().stream()
              .filter(pod -> pod.waitsFor().equals("CrashLoopBackOff"))
              .forEach(pod -> backedOff.add(pod.name()));
          return backedOff.size() == PODS;
        });
    assertThat(kubectl().run("get", "pods").ok().out()).contains("CrashLoopBackOff");
    assertThat(kubectl().run("get", "events", "--field-selector", "reason=BackOff").ok().out())
        .contains("Back-off restarting failed container crash in pod herd-");
  }

  @Order(2)
  @Test
  void getsANewDeploymentReadyMeanwhile() {
    kubectl().apply(TestCluster.example("deployment.yaml")).ok();
    kubectl().run("rollout", "status", "deployment/web", "--timeout=120s").ok();
    kubectl().run("delete", "deployment", "web").ok();
  }

  @Order(3)
  @Test
  void restartsNoPodMoreOftenThanTheBackOffAllows() {
    Patience.until(
        "every pod to have been restarted from a back-off",
        LIMIT,
        () -> {
          List<Crashing> pods = pods();
          Instant now = Instant.now();
          assertThat(pods)
              .hasSize(PODS)
              .allSatisfy(pod -> assertThat(pod.restarts()).isLessThanOrEqualTo(pod.allowed(now)));
          return pods.stream().allMatch(pod -> pod.restarts() >= 2);
        });
  }

  @Order(4)
  @Test
  void leavesTheDaemonsAndNodesWell() {
    assertThat(CLUSTER.minik8s("status").ok().exit()).isZero();
    assertThat(processes()).as("processes of the daemons").isEqualTo(before);
    assertThat(kubectl().run("get", "events", "-A").ok().out()).doesNotContain("NodeNotReady");
    kubectl().run("delete", "deployment", "herd").ok();
    Patience.until("the herd to be gone", LIMIT, () -> pods().isEmpty());
  }

  private static Client kubectl() {
    return new Clients(CLUSTER).all().getLast();
  }

  private static Map<String, Long> processes() {
    Map<String, Long> pids = new HashMap<>();
    DAEMONS.forEach(daemon -> pids.put(daemon, CLUSTER.daemon(daemon).pid()));
    return pids;
  }

  private static List<Crashing> pods() {
    String path =
        "jsonpath={range .items[*]}name={.metadata.name} start={.status.startTime}"
            + " restarts={.status.containerStatuses[0].restartCount}"
            + " reason={.status.containerStatuses[0].state.waiting.reason}{\"\\n\"}{end}";
    return kubectl()
        .run("get", "pods", "-l", "app=herd", "-o", path)
        .ok()
        .out()
        .lines()
        .filter(line -> !line.isBlank())
        .map(Crashing::read)
        .toList();
  }

  private static String herd() {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: herd}
    spec:
      replicas: %d
      selector: {matchLabels: {app: herd}}
      template:
        metadata: {labels: {app: herd}}
        spec:
          containers:
          - {name: crash, image: "minik8s/toolbox:1", command: [sh, -c, exit 1]}
    """
        .formatted(PODS);
  }
}
