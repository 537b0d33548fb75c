package minik8s.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Rates out of samples, with the clock and the kubelets in the test's hands. */
final class MetricsSamplerTest {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private int reads;
  private final Map<String, Double> cpuPerSecond = new HashMap<>();
  private final Instant booted = now.minusSeconds(1000);
  private final MetricsSampler sampler =
      new MetricsSampler(this::answer, () -> now, time -> now = now.plus(time));
  private final MetricsDocuments documents = new MetricsDocuments(sampler);

  private String answer(String node) throws IOException {
    reads++;
    Double rate = cpuPerSecond.get(node);
    if (rate == null) {
      throw new IOException("no such node");
    }
    double seconds = Duration.between(booted, now).toMillis() / 1000.0;
    long stamp = now.toEpochMilli();
    return """
    # HELP node_cpu_usage_seconds_total Cumulative cpu time consumed by the node in core-seconds
    # TYPE node_cpu_usage_seconds_total counter
    node_cpu_usage_seconds_total %f %d
    node_memory_working_set_bytes 2.097152e+06 %d
    container_cpu_usage_seconds_total{container="c",namespace="ns",pod="p"} %f %d
    container_memory_working_set_bytes{container="c",namespace="ns",pod="p"} 1.048576e+06 %d
    container_start_time_seconds{container="c",namespace="ns",pod="p"} %d
    container_cpu_usage_seconds_total{container="POD",namespace="ns",pod="p"} 5 %d
    container_memory_working_set_bytes{container="POD",namespace="ns",pod="p"} 5 %d
    scrape_error 0
    """
        .formatted(
            seconds * rate * 2,
            stamp,
            stamp,
            seconds * rate,
            stamp,
            stamp,
            booted.getEpochSecond(),
            stamp,
            stamp);
  }

  private static ObjectNode node(String name) {
    ObjectNode node = Json.object();
    node.putObject("metadata").put("name", name).putObject("labels").put("zone", "a");
    return node;
  }

  private static ObjectNode pod(String node, String phase) {
    ObjectNode pod = Json.object();
    pod.putObject("metadata").put("name", "p").put("namespace", "ns");
    pod.putObject("spec").put("nodeName", node);
    pod.putObject("status").put("phase", phase);
    return pod;
  }

  @Test
  void takesTwoSamplesForTheFirstWhoAsks() throws Exception {
    cpuPerSecond.put("n", 0.25);
    List<ObjectNode> nodes = documents.nodes(List.of(node("n")));
    assertThat(reads).isEqualTo(2);
    assertThat(nodes.getFirst().toString())
        .isEqualTo(
            "{\"kind\":\"NodeMetrics\",\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"metadata\":"
                + "{\"name\":\"n\",\"creationTimestamp\":\"2026-01-02T03:04:07Z\",\"labels\":"
                + "{\"zone\":\"a\"}},\"timestamp\":\"2026-01-02T03:04:07Z\",\"window\":\"2s\","
                + "\"usage\":{\"cpu\":\"500000000n\",\"memory\":\"2048Ki\"}}");
  }

  @Test
  void sharesSamplesWhileTheyAreFresh() throws Exception {
    cpuPerSecond.put("n", 0.1);
    documents.nodes(List.of(node("n")));
    now = now.plusSeconds(9);
    documents.pods(List.of(pod("n", "Running")));
    assertThat(reads).isEqualTo(2);
    now = now.plusSeconds(6);
    ObjectNode pod = documents.pods(List.of(pod("n", "Running"))).getFirst();
    assertThat(reads).isEqualTo(3);
    assertThat(pod.path("window").asString()).isEqualTo("15s");
    assertThat(pod.path("containers").toString())
        .isEqualTo("[{\"name\":\"c\",\"usage\":{\"cpu\":\"100000000n\",\"memory\":\"1024Ki\"}}]");
  }

  @Test
  void beginsAnewAfterALongSilence() throws Exception {
    cpuPerSecond.put("n", 0.1);
    documents.nodes(List.of(node("n")));
    now = now.plusSeconds(300);
    ObjectNode node = documents.nodes(List.of(node("n"))).getFirst();
    assertThat(node.path("window").asString()).isEqualTo("2s");
    assertThat(reads).isEqualTo(4);
  }

  @Test
  void leavesOutNodesThatDoNotAnswerAndPodsThatDoNotRun() throws Exception {
    cpuPerSecond.put("n", 0.1);
    assertThat(documents.nodes(List.of(node("n"), node("dead")))).hasSize(1);
    assertThat(documents.pods(List.of(pod("n", "Pending"), pod("dead", "Running")))).isEmpty();
  }

  @Test
  void forgetsWhatNobodyAsksFor() throws Exception {
    cpuPerSecond.put("n", 0.1);
    documents.nodes(List.of(node("n")));
    now = now.plusSeconds(3600);
    assertThat(sampler.of(Set.of())).isEmpty();
    assertThat(documents.nodes(List.of(node("n"))).getFirst().path("window").asString())
        .isEqualTo("2s");
  }

  @Test
  void countsANewContainerFromItsStart() {
    Instant start = now;
    NodeSample.Point point = new NodeSample.Point(now.plusSeconds(4), 2, 100, start);
    assertThat(Usage.between(null, point).orElseThrow().cores()).isEqualTo(0.5);
    NodeSample.Point old =
        new NodeSample.Point(now.minusSeconds(10), 900, 100, now.minusSeconds(99));
    Usage restarted = Usage.between(old, point).orElseThrow();
    assertThat(restarted.window()).isEqualTo(Duration.ofSeconds(4));
    assertThat(Usage.between(null, new NodeSample.Point(now, 2, 100, null))).isEmpty();
  }

  @Test
  void writesWindowsAsGoDoes() {
    assertThat(new Usage(now, Duration.ofMillis(10_062), 0, 0).windowText()).isEqualTo("10.062s");
    assertThat(new Usage(now, Duration.ofMillis(60_500), 0, 0).windowText()).isEqualTo("1m0.5s");
  }

  @Test
  void readsEscapedLabels() {
    ExpositionLine line = ExpositionLine.read("x{a=\"b\\\"c\",d=\"}\"} 1e3").orElseThrow();
    assertThat(line.labels()).isEqualTo(Map.of("a", "b\"c", "d", "}"));
    assertThat(line.value()).isEqualTo(1000);
    assertThat(ExpositionLine.read("x{a=\"b")).isEmpty();
  }
}
