package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import minik8s.e2e.Panels.Panel;
import minik8s.e2e.Prometheus.Sample;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/**
 * What {@code up --with monitoring} promises: every panel of two well-known dashboards and of our
 * own has data, whatever comes is scraped and whatever goes is forgotten, faults raise alerts, and
 * the kubelet counts as cAdvisor does.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringIT {
  private static final TestCluster CLUSTER = TestCluster.named("monitoring");
  private static final Path MONITORING = TestCluster.file("deploy/monitoring");

  /** Two scrapes and a round of rules; twice that on a busy machine. */
  private static final Duration SCRAPES = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init")
  private static Prometheus prometheus;

  /** In the namespace of the load. */
  @SuppressWarnings("NullAway.Init")
  private static Client kubectl;

  /** In none. */
  @SuppressWarnings("NullAway.Init")
  private static Client anywhere;

  @BeforeAll
  static void start() {
    CLUSTER.minik8s("up", "--no-build", "--with", "monitoring").ok();
    prometheus = new Prometheus("http://127.0.0.1:" + CLUSTER.setting("PROMETHEUS_PORT"));
    anywhere = new Clients(CLUSTER).ours();
    kubectl = Namespaces.fresh(anywhere, "load");
    // Works for a while on everything that is measured, then rests, so that two who look one after
    // the other see the same.
    kubectl
        .feed(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: worker, labels: {app: worker}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: worker
                image: minik8s/toolbox:1
                resources: {requests: {cpu: 50m, memory: 16Mi}, limits: {cpu: 500m, memory: 128Mi}}
                command: [sh, -c]
                args:
                - |
                  dd if=/dev/urandom of=/data bs=1M count=20 conv=fsync 2>/dev/null
                  i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done
                  mkdir /www2; dd if=/dev/zero of=/www2/file bs=1M count=8 2>/dev/null
                  httpd -p 8080 -h /www2
                  touch /done
                  exec sleep 100000
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: writer}
            spec:
              selector: {matchLabels: {app: writer}}
              template:
                metadata: {labels: {app: writer}}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: writer
                    image: minik8s/toolbox:1
                    command: [sh, -c, "dd if=/dev/zero of=/data bs=1M count=1 conv=fsync; exec sleep 100000"]
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: annotated
              annotations: {prometheus.io/scrape: "true", prometheus.io/port: "8080", prometheus.io/path: /numbers}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: web
                image: minik8s/toolbox:1
                command: [sh, -c, "mkdir /w; echo 'answer 42' > /w/numbers; exec httpd -f -p 8080 -h /w"]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: crashing}
            spec:
              containers:
              - {name: c, image: minik8s/toolbox:1, command: ["false"]}
            """,
            "apply",
            "-f",
            "-")
        .ok();
  }

  @Test
  @Order(1)
  void scrapesAnnotatedPodsWithoutTouchingAFile() {
    kubectl.run("wait", "--for=condition=Ready", "pod/annotated", "--timeout=60s").ok();
    until(
        "an annotated pod is scraped",
        () -> prometheus.has("answer{job=\"kubernetes-pods\", pod=\"annotated\"} == 42"));
  }

  @Test
  @Order(2)
  void scrapesDaemonsThatAnnounceThemselves() {
    for (String job :
        List.of(
            "apiserver",
            "etcd",
            "kube-scheduler",
            "kube-controller-manager",
            "kube-state-metrics",
            "kubelet",
            "kubelet-cadvisor",
            "cadvisor",
            "node-exporter",
            "prometheus")) {
      until(job + " is scraped", () -> prometheus.has("up{job=\"" + job + "\"} == 1"));
    }
    announce("newcomer", kubectl.field("pod/annotated", "{.status.podIP}") + ":8080");
    until("a newcomer is found", () -> prometheus.has("up{job=\"newcomer\"}"));
    announce("silent", "127.0.0.1:1");
  }

  private static void announce(String name, String address) {
    anywhere
        .feed(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: %s
              namespace: kube-system
              annotations: {monitoring.minik8s.io/address: "%s"}
            spec: {clusterIP: None, ports: [{name: metrics, port: 1}]}
            """
                .formatted(name, address),
            "apply",
            "-f",
            "-")
        .ok();
  }

  @Test
  @Order(3)
  void fillsTheKnownDashboards() {
    assertKnownDashboardsFilled("node-1");
  }

  private static void assertKnownDashboardsFilled(String... projects) {
    assertFilled("dashboard 893", () -> Panels.known(893).with(variablesOf893()));
    for (String project : projects) {
      assertFilled(
          "dashboard 11277 of " + project,
          () -> Panels.known(11277).with(variablesOf11277(project)));
    }
  }

  private static Map<String, String> variablesOf893() {
    List<String> servers =
        prometheus.labelValues("node_boot_time", "instance").stream()
            .map(instance -> instance.replaceFirst(":.*", ""))
            .toList();
    return Map.of("interval", "1m", "server", servers.isEmpty() ? "none" : servers.getFirst());
  }

  private static Map<String, String> variablesOf11277(String project) {
    List<String> instances =
        prometheus.labelValues("container_last_seen{project=\"" + project + "\"}", "instance");
    return Map.of(
        "project", project, "instance", instances.isEmpty() ? "none" : instances.getFirst());
  }

  private static void assertFilled(String what, java.util.function.Supplier<Panels> panels) {
    List<Panel> empty = new ArrayList<>();
    try {
      Patience.until(
          what,
          SCRAPES,
          () -> {
            empty.clear();
            empty.addAll(panels.get().empty(prometheus));
            return empty.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError(what + " has empty panels: " + empty, e);
    }
  }

  @Test
  @Order(4)
  void fillsItsOwnDashboards() {
    for (String name : List.of("minik8s-cluster", "minik8s-control-plane")) {
      Panels panels = own(name);
      // Nothing lacks replicas where nothing was deployed that does.
      Panels due =
          new Panels(
              panels.panels().stream()
                  .filter(panel -> !panel.title().equals("Deployments that lack replicas"))
                  .toList());
      assertFilled(name, () -> due);
    }
    // Without the add-on that it is about, its queries are valid but have nothing to show.
    assertThat(own("minik8s-gpu").panels())
        .allSatisfy(panel -> assertThat(prometheus.query(panel.query())).isNotNull());
  }

  private static Panels own(String name) {
    return Panels.own(MONITORING.resolve("dashboards/" + name + ".json"))
        .with(Map.of("namespace", ".*"));
  }

  @Test
  void writesDashboardsThatGrafanaTakes() {
    for (String name : List.of("minik8s-cluster", "minik8s-control-plane", "minik8s-gpu")) {
      JsonNode dashboard = Panels.document(MONITORING.resolve("dashboards/" + name + ".json"));
      assertThat(dashboard.path("uid").asString("")).isEqualTo(name);
      assertThat(dashboard.path("title").asString("")).isNotEmpty();
      assertThat(dashboard.path("schemaVersion").asInt()).isBetween(36, 41);
      Set<Integer> ids = new HashSet<>();
      for (JsonNode panel : dashboard.path("panels")) {
        assertThat(ids.add(panel.path("id").asInt())).as("id of %s", panel).isTrue();
        JsonNode place = panel.path("gridPos");
        assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, 24);
        if (!panel.path("type").asString("").equals("row")) {
          assertThat(panel.path("datasource").path("uid").asString("")).isEqualTo("${datasource}");
          assertThat(panel.path("targets")).isNotEmpty();
        }
      }
    }
  }

  @Test
  @Order(5)
  void raisesAlertsForRealFaults() {
    until(
        "a target is down",
        () -> prometheus.has("ALERTS{alertname=\"TargetDown\", job=\"silent\"}"));
    until(
        "a pod crashes again and again",
        () -> prometheus.has("ALERTS{alertname=\"PodCrashLooping\", pod=\"crashing\"}"));
    anywhere.run("delete", "service", "silent", "newcomer", "-n", "kube-system").ok();
    kubectl.run("delete", "pod", "crashing", "--grace-period=0", "--force").ok();
  }

  @Test
  void raisesEachAlertOfItsRules() {
    String image = "prom/prometheus:v2.53.4";
    String rules = MONITORING.resolve("prometheus").toString();
    String tests = TestCluster.file("deploy/src/test/resources/rules").toString();
    for (List<String> check :
        List.of(
            List.of("check", "rules", "/rules/rules-cluster.yml", "/rules/rules-dashboard-893.yml"),
            List.of("test", "rules", "/tests/alerts.yml"))) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  "docker",
                  "run",
                  "--rm",
                  "--network",
                  "none",
                  "-v",
                  rules + ":/rules:ro",
                  "-v",
                  tests + ":/tests:ro",
                  "--entrypoint",
                  "/bin/promtool",
                  image));
      command.addAll(check);
      Programs.run(command).ok();
    }
  }

  @Test
  @Order(6)
  void countsAsTheRealCadvisorDoes() {
    until(
        "the worker has worked",
        () -> kubectl.run("exec", "worker", "--", "cat", "/done").exit() == 0);
    for (int i = 0; i < 3; i++) {
      String ip = kubectl.field("pod/worker", "{.status.podIP}");
      kubectl
          .run("exec", "annotated", "--", "wget", "-qO/dev/null", "http://" + ip + ":8080/file")
          .ok();
    }
    List<String> differing = new ArrayList<>();
    try {
      Patience.until(
          "both count the same",
          SCRAPES,
          () -> {
            differing.clear();
            differing.addAll(differences());
            return differing.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError("the kubelet and cAdvisor differ by more than 5 %: " + differing, e);
    }
  }

  /** Series of the worker that both have, where they are more than 5 % apart. */
  private static List<String> differences() {
    Map<String, Double> ours = worker("kubelet-cadvisor");
    Map<String, Double> theirs = worker("cadvisor");
    Set<String> shared = new HashSet<>(ours.keySet());
    shared.retainAll(theirs.keySet());
    if (shared.size() < 40) {
      return List.of("only " + shared.size() + " series in common");
    }
    List<String> differing = new ArrayList<>();
    for (String series : shared) {
      double a = ours.getOrDefault(series, 0.0);
      double b = theirs.getOrDefault(series, 0.0);
      if (Math.abs(a - b) > 0.05 * Math.max(Math.abs(a), Math.abs(b))) {
        differing.add(series + ": kubelet " + a + ", cAdvisor " + b);
      }
    }
    return differing;
  }

  private static Map<String, Double> worker(String job) {
    Map<String, Double> values = new TreeMap<>();
    for (Sample sample :
        prometheus.query(
            "sum by (__name__, container, interface, device, failure_type, scope)"
                + " ({__name__=~\"container_.+\", job=\"%s\", namespace=\"load\", pod=\"worker\"})"
                    .formatted(job))) {
      values.put(sample.labels().toString(), sample.value());
    }
    return values;
  }

  @Test
  @Order(7)
  void forgetsDeletedContainersSoon() {
    kubectl.run("delete", "pod", "annotated", "--grace-period=0", "--force").ok();
    until(
        "a deleted container is gone from the panels",
        () -> !prometheus.has("container_last_seen{pod=\"annotated\"}"));
    // Prometheus waits for two more rounds before it calls a target's own series stale.
    until(
        "a deleted pod is gone from the targets",
        () -> !prometheus.has("up{job=\"kubernetes-pods\", pod=\"annotated\"}"));
  }

  @Test
  @Order(8)
  void followsNewNodes() {
    CLUSTER.minik8s("up", "--no-build", "--nodes", "3").ok();
    for (String node : List.of("node-2", "node-3")) {
      for (String job : List.of("kubelet", "kubelet-cadvisor", "cadvisor")) {
        until(
            job + " of " + node,
            () -> prometheus.has("up{job=\"%s\", node=\"%s\"} == 1".formatted(job, node)));
      }
    }
    for (String node : List.of("node-2", "node-3")) {
      until(
          "node-exporter of " + node,
          () -> prometheus.has("up{job=\"node-exporter\", instance=\"" + node + ":9100\"} == 1"));
    }
    // A scrape that a busy machine let time out takes its node's series away until the next.
    until(
        "every node has its containers",
        () ->
            prometheus
                .labelValues("container_last_seen", "project")
                .equals(List.of("node-1", "node-2", "node-3")));
    assertKnownDashboardsFilled("node-1", "node-2", "node-3");
    assertThat(
            prometheus.query(
                "count by (pod, name) (container_last_seen{job=\"cadvisor\", pod!=\"\"}) > 1"))
        .as("containers counted by more than one node")
        .isEmpty();
  }

  private static void until(String what, java.util.concurrent.Callable<Boolean> condition) {
    long begin = System.nanoTime();
    Patience.until(what, SCRAPES, condition);
    System.out.printf("FIGURE %s: %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
  }
}
