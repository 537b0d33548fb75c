package minik8s.kubectl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import minik8s.kubectl.FakeServer;
import minik8s.kubectl.FakeServer.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of cluster management over real TLS. */
class PolicyVerbsTest {
  private static final String NODE =
      "{\"kind\":\"Node\",\"metadata\":{\"name\":\"n1\",\"resourceVersion\":\"7\"},\"spec\":{%s},\"status\":{\"allocatable\":{\"cpu\":\"2\",\"memory\":\"4Gi\"}}}";

  @TempDir Path folder = Path.of("");
  private FakeServer server = FakeServer.start(folder);

  @BeforeEach
  void restart() {
    server.close();
    server = FakeServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String pod(String name, String owner, String volumes) {
    String owners =
        owner.isEmpty()
            ? ""
            : ",\"ownerReferences\":[{\"kind\":\"%s\",\"controller\":true}]".formatted(owner);
    return "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\",\"uid\":\"u\"%s},\"spec\":{\"volumes\":[%s]},\"status\":{\"phase\":\"Running\"}}"
        .formatted(name, owners, volumes);
  }

  private void pods(String... pods) {
    server.on("GET /api/v1/nodes/n1", NODE.formatted(""));
    server.on("PATCH /api/v1/nodes/n1", NODE.formatted(""));
    server.on(
        "GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1",
        "{\"items\":[" + String.join(",", pods) + "]}");
  }

  @Test
  void showsWhatNodesUse() {
    server.on(
        "GET /apis/metrics.k8s.io/v1beta1/nodes",
        "{\"items\":[{\"metadata\":{\"name\":\"n1\"},\"usage\":{\"cpu\":\"250000001n\",\"memory\":\"1048576Ki\"}}]}");
    server.on(
        "GET /api/v1/nodes",
        "{\"items\":[" + NODE.formatted("") + ",{\"metadata\":{\"name\":\"n2\"}}]}");
    Outcome outcome = server.run("top", "nodes");
    assertThat(outcome.out())
        .isEqualTo(
            """
            NAME   CPU(cores)   CPU(%)      MEMORY(bytes)   MEMORY(%)
            n1     251m         12%         1024Mi          25%
            n2     <unknown>    <unknown>   <unknown>       <unknown>
            """);
  }

  @Test
  void showsWhatContainersUseTheMostFirst() {
    server.on(
        "GET /apis/metrics.k8s.io/v1beta1/namespaces/default/pods",
        "{\"items\":[{\"metadata\":{\"name\":\"p\"},\"containers\":[{\"name\":\"a\",\"usage\":{\"cpu\":\"1m\",\"memory\":\"5Mi\"}},{\"name\":\"b\",\"usage\":{\"cpu\":\"20m\",\"memory\":\"1Mi\"}}]}]}");
    assertThat(server.run("top", "pod", "--containers", "--sort-by=cpu").out())
        .isEqualTo(
            """
            POD   NAME   CPU(cores)   MEMORY(bytes)
            p     b      20m          1Mi
            p     a      1m           5Mi
            """);
    assertThat(server.run("top", "pods", "--no-headers").out()).isEqualTo("p     21m   6Mi\n");
  }

  @Test
  void saysWhenThereAreNoMetrics() {
    server.on(
        "GET /apis/metrics.k8s.io/v1beta1/nodes",
        404,
        FakeServer.status("NotFound", "the server could not find the requested resource", 404));
    Outcome outcome = server.run("top", "nodes");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).isEqualTo("error: Metrics API not available\n");
  }

  @Test
  void drainsByEvictionAndWaitsUntilPodsAreGone() {
    pods(pod("web", "ReplicaSet", ""), pod("agent", "DaemonSet", ""));
    server.on("POST /api/v1/namespaces/default/pods/web/eviction", 201, "{\"status\":\"Success\"}");
    server.on(
        "GET /api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Dweb", "{\"items\":[]}");
    Outcome outcome = server.run("drain", "n1", "--ignore-daemonsets");
    assertThat(outcome.err())
        .isEqualTo("Warning: ignoring DaemonSet-managed Pods: default/agent\n");
    assertThat(outcome.out())
        .isEqualTo(
            "node/n1 cordoned\nevicting pod default/web\npod/web evicted\nnode/n1 drained\n");
  }

  @Test
  void drainsNothingThatNobodyWouldMakeAnew() {
    pods(
        pod("lone", "", ""),
        pod("agent", "DaemonSet", ""),
        pod("cache", "ReplicaSet", "{\"name\":\"v\",\"emptyDir\":{}}"));
    Outcome outcome = server.run("drain", "n1");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains(
            "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/agent",
            "cannot delete Pods that declare no controller (use --force to override): default/lone",
            "cannot delete Pods with local storage (use --delete-emptydir-data to override):"
                + " default/cache");
    assertThat(server.lines()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void triesAgainWhileABudgetForbids() {
    pods(pod("web", "ReplicaSet", ""));
    server.on(
        "POST /api/v1/namespaces/default/pods/web/eviction",
        429,
        FakeServer.status(
            "TooManyRequests",
            "Cannot evict pod as it would violate the pod's disruption budget.",
            429));
    String budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    server.on("GET " + budgets, "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[]}");
    server.on(
        "GET " + budgets + "?resourceVersion=9&timeoutSeconds=5&watch=true",
        "{\"type\":\"MODIFIED\",\"object\":{}}\n");
    Outcome outcome = server.run("drain", "n1", "--timeout=1ms");
    assertThat(outcome.err())
        .contains(
            "error when evicting pods/\"web\" -n \"default\" (will retry after 5s): Cannot evict"
                + " pod as it would violate the pod's disruption budget.",
            "drain did not complete within 1ms");
    assertThat(outcome.code()).isEqualTo(1);
  }

  @Test
  void taintsNodes() {
    server.on(
        "GET /api/v1/nodes/n1",
        NODE.formatted("\"taints\":[{\"key\":\"old\",\"effect\":\"NoExecute\"}]"));
    server.on("PATCH /api/v1/nodes/n1?fieldManager=kubectl-taint", NODE.formatted(""));
    Outcome outcome = server.run("taint", "nodes", "n1", "a=b:NoSchedule");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).isEqualTo("node/n1 tainted\n");
    assertThat(server.last().body())
        .isEqualTo(
            "{\"metadata\":{\"resourceVersion\":\"7\"},\"spec\":{\"taints\":[{\"effect\":\"NoExecute\",\"key\":\"old\"},{\"effect\":\"NoSchedule\",\"key\":\"a\",\"value\":\"b\"}]}}");
    assertThat(server.run("taint", "node", "n1", "old-").out()).isEqualTo("node/n1 untainted\n");
    assertThat(server.run("taint", "node", "n1", "new-").err())
        .isEqualTo("error: taint \"new\" not found\n");
    assertThat(server.run("taint", "node", "n1", "old:NoExecute").err())
        .isEqualTo(
            "error: node n1 already has old taint(s) with same effect(s) and --overwrite is"
                + " false\n");
  }

  @Test
  void createsQuotasBudgetsAndPriorityClasses() {
    assertThat(
            server
                .run("create", "quota", "q", "--hard=pods=2,cpu=1", "--dry-run=client", "-oyaml")
                .out())
        .contains("kind: ResourceQuota", "    cpu: \"1\"", "    pods: \"2\"");
    assertThat(
            server
                .run(
                    "create",
                    "pdb",
                    "b",
                    "--selector=app=web",
                    "--min-available=50%",
                    "--dry-run=client",
                    "-oyaml")
                .out())
        .contains("kind: PodDisruptionBudget", "minAvailable: 50%", "app: web");
    assertThat(
            server.run("create", "pc", "high", "--value=1000", "--dry-run=client", "-oyaml").out())
        .contains("kind: PriorityClass", "value: 1000");
  }
}
