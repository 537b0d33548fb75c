package minik8s.controller.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Pod;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The mean as Kubernetes defines it, with its examples. */
class ReplicaPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final Tolerances USUAL = Tolerances.of(null);
  private final List<Pod> pods = new ArrayList<>();
  private final Map<String, Reading> readings = new HashMap<>();
  private final Map<String, Double> requests = new HashMap<>();

  private void pod(String name, double used) {
    pods.add(ready(name, true));
    requests.put(name, 1.0);
    readings.put(name, new Reading(used, NOW, Duration.ofMinutes(1)));
  }

  private static Pod ready(String name, boolean ready) {
    ObjectNode document = Pods.pod(name).running().document();
    ObjectNode status = (ObjectNode) document.path("status");
    status.put("startTime", "2026-01-01T00:00:00Z");
    ((ObjectNode) status.at("/conditions/0")).put("status", ready ? "True" : "False");
    return minik8s.api.codec.Json.read(document, Pod.class);
  }

  private ReplicaPlan.Answer utilization(int current, int target) {
    return ReplicaPlan.utilization(
        current,
        target,
        readings,
        requests,
        ReplicaPlan.Groups.of(pods, readings, true, NOW),
        USUAL);
  }

  @Test
  void growsAndShrinksInProportion() {
    pod("a", 0.3);
    pod("b", 0.5);
    pod("c", 0.7);
    assertThat(utilization(3, 30).replicas()).isEqualTo(5);
    assertThat(utilization(3, 30).utilization()).isEqualTo(50);
    assertThat(utilization(3, 30).average()).isEqualTo(0.5);
    assertThat(utilization(3, 100).replicas()).isEqualTo(2);
  }

  @Test
  void staysWithinTheTolerance() {
    pod("a", 1.01);
    pod("b", 1.03);
    pod("c", 1.01);
    assertThat(utilization(3, 100).replicas()).isEqualTo(3);
  }

  @Test
  void countsMissingPodsAsIdleWhenItGrows() {
    pod("a", 0.3);
    pod("b", 0.5);
    pod("c", 0.7);
    pods.add(ready("missing", true));
    requests.put("missing", 1.0);
    assertThat(utilization(4, 30).replicas()).isEqualTo(5);
  }

  @Test
  void countsMissingPodsAsBusyWhenItShrinks() {
    pod("a", 0.4);
    pod("b", 0.4);
    pod("c", 0.4);
    pods.add(ready("missing", true));
    requests.put("missing", 1.0);
    assertThat(utilization(4, 100).replicas()).isEqualTo(3);
  }

  @Test
  void countsUnreadyPodsAsIdleWhenItGrows() {
    pod("a", 0.3);
    pod("b", 0.5);
    pod("c", 0.7);
    pods.add(Pods.pod("young").phase("Pending").build());
    requests.put("young", 1.0);
    readings.put("young", new Reading(5, NOW, Duration.ofMinutes(1)));
    assertThat(utilization(4, 30).replicas()).isEqualTo(5);
  }

  @Test
  void ignoresAPodThatHasNeverBeenReady() {
    pod("a", 0.9);
    ObjectNode never = Pods.pod("never").running().document();
    ((ObjectNode) never.path("status")).put("startTime", "2026-01-01T00:00:00Z");
    ((ObjectNode) never.at("/status/conditions/0")).put("status", "False");
    pods.add(minik8s.api.codec.Json.read(never, Pod.class));
    readings.put("never", new Reading(0, NOW, Duration.ofMinutes(1)));
    ReplicaPlan.Groups groups = ReplicaPlan.Groups.of(pods, readings, true, NOW);
    assertThat(groups.unready()).containsExactly("never");
    assertThat(ReplicaPlan.Groups.of(pods, readings, false, NOW).unready()).isEmpty();
  }

  @Test
  void saysWhyThereIsNoAnswer() {
    pods.add(Pods.pod("young").phase("Pending").build());
    assertThatThrownBy(() -> utilization(1, 30))
        .hasMessage("did not receive metrics for targeted pods (pods might be unready)");
  }

  @Test
  void meetsAnAverageAndAShare() {
    pod("a", 20);
    pod("b", 10);
    ReplicaPlan.Groups groups = ReplicaPlan.Groups.of(pods, readings, false, NOW);
    assertThat(ReplicaPlan.average(2, 10, readings, groups, USUAL).replicas()).isEqualTo(3);
    assertThat(ReplicaPlan.perPod(2, 50, 10, USUAL)).isEqualTo(5);
    assertThat(ReplicaPlan.perPod(5, 52, 10, USUAL)).isEqualTo(5);
    assertThat(ReplicaPlan.shared(3, 2.0, 3, USUAL)).isEqualTo(6);
  }
}
