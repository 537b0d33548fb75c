package minik8s.kubelet.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import minik8s.kubelet.metrics.Cgroup.CpuUse;
import minik8s.kubelet.metrics.Cgroup.DiskUse;
import minik8s.kubelet.metrics.Cgroup.MemoryUse;
import minik8s.kubelet.metrics.Cgroup.Spec;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.PodRef;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PagesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
  private static final NetworkUse ETH0 = new NetworkUse("eth0", 100, 10, 0, 1, 200, 20, 0, 2);
  private static final MachineFacts MACHINE =
      new MachineFacts(
          "machine_id=\"m\"",
          4,
          2,
          1,
          8_000,
          0,
          Map.of("254:0", "/dev/vda"),
          new MachineFacts.FileSystem("/dev/vda", 1_000, 400, 600));

  private static ContainerSample container(String name, long nanos, long bytes) {
    boolean sandbox = name.equals(ObservedContainer.SANDBOX);
    ObservedContainer container =
        new ObservedContainer(
            "id-" + name,
            new PodRef("uid-1", "default", "web"),
            name,
            0,
            "",
            sandbox ? "" : "id-POD",
            new State.Running(START),
            "",
            START,
            "",
            "SIGTERM",
            30);
    return new ContainerSample(
        container,
        START,
        new CpuUse(nanos, nanos / 2, nanos / 4, sandbox ? 0 : 5, 1, 1_000_000_000),
        new MemoryUse(bytes, bytes, bytes, 0, 0, 0, bytes, 0, 3, 1),
        sandbox ? List.of(ETH0) : List.of(),
        new ContainerSample.More(
            "/docker/" + name,
            "nginx \"quoted\"",
            "k8s_" + name,
            sandbox ? List.of() : List.of(new DiskUse("254:0", 7, 8, 1, 2)),
            new Spec(1024, 100_000, 50_000, 9_000, 0, 0),
            3,
            sandbox ? -1 : 4096,
            4096));
  }

  private static NodeSample sample(Instant at, long nanos) {
    return new NodeSample(
        at,
        new CpuUse(10 * nanos, 0, 0, 0, 0, 0),
        new MemoryUse(5_000, 4_000, 0, 0, 0, 0, 0, 0, 0, 0),
        List.of(ETH0),
        List.of(),
        List.of(container("POD", 1_000, 10), container("app", nanos, 1_000)));
  }

  @Test
  void namesContainersAsKubernetesDoes() {
    String page = CadvisorPage.render(sample(NOW, 2_500_000_000L), MACHINE);

    assertThat(page)
        .contains(
            "container_cpu_usage_seconds_total{container=\"app\",id=\"/docker/app\","
                + "image=\"nginx \\\"quoted\\\"\",name=\"k8s_app\",namespace=\"default\","
                + "pod=\"web\",cpu=\"total\"} 2.5\n");
  }

  @Test
  void showsThePodsNetworkAtItsSandboxOnly() {
    List<String> lines =
        CadvisorPage.render(sample(NOW, 1), MACHINE)
            .lines()
            .filter(line -> line.startsWith("container_network_receive_bytes_total{"))
            .toList();

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("id=\"/\"");
    assertThat(lines.getLast()).contains("container=\"POD\"").endsWith("interface=\"eth0\"} 100");
  }

  @Test
  void namesDisksByTheirPaths() {
    assertThat(CadvisorPage.render(sample(NOW, 1), MACHINE))
        .containsPattern("container_fs_writes_bytes_total\\{.*device=\"/dev/vda\"} 8\n")
        .containsPattern("container_fs_usage_bytes\\{container=\"app\".*} 8192\n")
        .doesNotContainPattern("container_fs_usage_bytes\\{container=\"POD\"");
  }

  @Test
  void showsThrottlingOnlyUnderAQuota() {
    List<String> lines =
        CadvisorPage.render(sample(NOW, 1), MACHINE)
            .lines()
            .filter(line -> line.startsWith("container_cpu_cfs_throttled_seconds_total{"))
            .toList();

    assertThat(lines).singleElement().asString().contains("container=\"app\"").endsWith(" 1");
  }

  @Test
  void writesOneTypeLineForEachMetric() {
    List<String> types =
        CadvisorPage.render(sample(NOW, 1), MACHINE)
            .lines()
            .filter(line -> line.startsWith("# TYPE"))
            .toList();

    assertThat(types).doesNotHaveDuplicates();
    assertThat(types).contains("# TYPE machine_cpu_cores gauge");
  }

  @Test
  void countsTheSandboxForItsPodButNotAsAContainer() {
    String page = ResourcePage.render(sample(NOW, 2_000_000_000L));

    assertThat(page)
        .contains(
            "container_memory_working_set_bytes{container=\"app\",namespace=\"default\",pod=\"web\"}"
                + " 1000 "
                + NOW.toEpochMilli())
        .contains("pod_memory_working_set_bytes{namespace=\"default\",pod=\"web\"} 1010 ")
        .contains("node_cpu_usage_seconds_total 20 ")
        .contains("resource_scrape_error 0\n")
        .doesNotContain("container=\"POD\"");
  }

  @Test
  void summarizesPodsAndTellsARateOnceItHasLookedTwice() {
    StatsSummary summary = new StatsSummary("node-1", START);
    JsonNode first = summary.render(sample(NOW, 1_000_000_000L), MACHINE);
    JsonNode second = summary.render(sample(NOW.plusSeconds(10), 6_000_000_000L), MACHINE);

    JsonNode pod = second.path("pods").get(0);
    assertThat(first.path("pods").get(0).path("cpu").has("usageNanoCores")).isFalse();
    assertThat(pod.path("podRef").path("name").asString()).isEqualTo("web");
    assertThat(pod.path("containers")).hasSize(1);
    assertThat(pod.path("containers").get(0).path("cpu").path("usageNanoCores").asLong())
        .isEqualTo(500_000_000);
    assertThat(pod.path("memory").path("workingSetBytes").asLong()).isEqualTo(1010);
    assertThat(pod.path("network").path("rxBytes").asLong()).isEqualTo(100);
    assertThat(second.path("node").path("memory").path("availableBytes").asLong()).isEqualTo(4_000);
  }

  @Test
  void readsInterfacesWithoutLoopbackAndCables() {
    String text =
        """
        Inter-|   Receive                 |  Transmit
         face |bytes packets errs drop    |bytes packets
            lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0
          eth0: 100 10 0 1 0 0 0 0 200 20 0 2 0 0 0 0
        veth12:1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0
        """;

    assertThat(NetworkUse.parse(text)).containsExactly(ETH0);
  }

  @Test
  void countsCoresAndSocketsOfTheMachine() {
    String one = "processor : 0\nphysical id : 0\ncore id : 0\n";
    String sibling = "processor : 1\nphysical id : 0\ncore id : 0\n";
    String other = "processor : 2\nphysical id : 1\ncore id : 0\n";

    assertThat(MachineFacts.layout(one + sibling + other, 3)).containsExactly(2, 2);
    assertThat(MachineFacts.layout("", 3)).containsExactly(3, 1);
  }
}
