package minik8s.kubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Condition;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.PatchType;
import minik8s.kubelet.runtime.FakeRuntime;
import minik8s.testing.FakeApi;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeReporterTest {
  @TempDir Path root;

  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private Set<String> pressures = Set.of();

  private NodeReporter reporter() {
    NodeFacts facts =
        new NodeFacts("n", "127.0.0.1", 10250, 110, root, Map.of(), List.of(), Map.of());
    return new NodeReporter(
        api, facts, new FakeRuntime(timers.clock()), () -> "", () -> pressures, timers);
  }

  @Test
  void showsThePressuresThatEvictionHasFound() {
    pressures = Set.of("DiskPressure");
    reporter().step();
    var conditions = api.get(Resources.NODES, ObjectKey.cluster("n")).status().conditions();
    assertThat(Condition.isTrue(conditions, "DiskPressure")).isTrue();
    assertThat(Condition.isTrue(conditions, "MemoryPressure")).isFalse();
  }

  private boolean ready() {
    return api.get(Resources.NODES, ObjectKey.cluster("n")).ready();
  }

  @Test
  void saysAtOnceThatItIsWellWhenItWasHeldForLost() {
    NodeReporter reporter = reporter();
    reporter.step();
    assertThat(ready()).isTrue();
    String unknown =
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\",\"reason\":\"NodeStatusUnknown\"}]}}";
    api.patch(
        Resources.NODES, ObjectKey.cluster("n"), "status", PatchType.MERGE, Json.parse(unknown));
    timers.advance(Duration.ofSeconds(10));
    reporter.step();
    assertThat(ready()).isTrue();
  }

  @Test
  void registersAgainWhenItsObjectIsGone() {
    NodeReporter reporter = reporter();
    reporter.step();
    api.delete(Resources.NODES, ObjectKey.cluster("n"), minik8s.client.DeleteOptions.BACKGROUND);
    reporter.step();
    assertThat(ready()).isTrue();
  }

  private String afterPatchAndPeriod(NodeReporter reporter, String status) {
    api.patch(
        Resources.NODES,
        ObjectKey.cluster("n"),
        "status",
        PatchType.STRATEGIC,
        Json.parse("{\"status\":" + status + "}"));
    String patched = revision();
    timers.advance(Duration.ofSeconds(10));
    reporter.step();
    return patched;
  }

  private String revision() {
    return api.get(Resources.NODES, ObjectKey.cluster("n")).metadata().resourceVersion();
  }

  @Test
  void leavesResourcesThatOthersAddedInPeace() {
    NodeReporter reporter = reporter();
    reporter.step();
    String patched =
        afterPatchAndPeriod(
            reporter,
            """
            {"capacity":{"example.com/foo":"4"},"allocatable":{"example.com/foo":"3"},
             "addresses":[{"type":"ExternalIP","address":"192.0.2.1"}]}
            """);
    assertThat(revision()).isEqualTo(patched);
  }

  @Test
  void putsItsOwnResourcesRight() {
    NodeReporter reporter = reporter();
    reporter.step();
    afterPatchAndPeriod(reporter, "{\"capacity\":{\"pods\":\"7\",\"example.com/foo\":\"4\"}}");
    var capacity = api.get(Resources.NODES, ObjectKey.cluster("n")).status().capacity();
    assertThat(capacity.get("pods")).hasToString("110");
    assertThat(capacity.get("example.com/foo")).hasToString("4");
  }

  @Test
  void leavesConditionsOfOthersToThem() {
    NodeReporter reporter = reporter();
    reporter.step();
    String foreign =
        "{\"conditions\":[{\"type\":\"example.com/Frozen\",\"status\":\"True\",\"reason\":\"Cold\"}]}";
    String patched = afterPatchAndPeriod(reporter, foreign);
    assertThat(revision()).isEqualTo(patched);

    assertThat(
            NodeConditions.of(
                new NodeConditions.Reading("", Set.of()),
                api.get(Resources.NODES, ObjectKey.cluster("n")).status().conditions(),
                timers.clock().instant()))
        .extracting(Condition::type)
        .containsExactly("MemoryPressure", "DiskPressure", "PIDPressure", "Ready");
  }
}
