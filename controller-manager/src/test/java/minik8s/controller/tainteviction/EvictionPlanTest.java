package minik8s.controller.tainteviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class EvictionPlanTest {
  private static final Instant ADDED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant SINCE = Instant.parse("2026-01-01T01:00:00Z");

  private static Node node(String... taints) {
    ObjectNode node = Json.object();
    node.putObject("metadata").put("name", "n");
    ObjectNode spec = node.putObject("spec");
    for (String taint : taints) {
      String[] part = taint.split(":", -1);
      ObjectNode added = spec.withArray("taints").addObject();
      added.put("key", part[0]).put("effect", part[1]);
      if (part.length > 2) {
        added.put("timeAdded", ADDED.toString());
      }
    }
    return Json.read(node, Node.class);
  }

  private static Pod pod(String... tolerations) {
    ObjectNode pod = Pods.pod("p").node("n").document();
    for (String toleration : tolerations) {
      pod.withObject("spec").withArray("tolerations").add(Json.parse(toleration));
    }
    return Json.read(pod, Pod.class);
  }

  private static EvictionPlan.Verdict leave(Instant at) {
    return new EvictionPlan.Verdict.Leave(at);
  }

  @Test
  void drivesOutWhatToleratesNothing() {
    assertThat(EvictionPlan.of(pod(), node("a:NoExecute:t"), SINCE)).isEqualTo(leave(ADDED));
    assertThat(EvictionPlan.of(pod(), node("a:NoExecute"), SINCE)).isEqualTo(leave(SINCE));
  }

  @Test
  void leavesPodsAloneOnTaintsThatOnlyKeepOthersAway() {
    assertThat(EvictionPlan.of(pod(), node("a:NoSchedule:t"), SINCE)).isEqualTo(EvictionPlan.STAY);
  }

  @Test
  void waitsAsLongAsThePodTolerates() {
    Pod tolerant = pod("{\"key\":\"a\",\"operator\":\"Exists\",\"tolerationSeconds\":300}");
    assertThat(EvictionPlan.of(tolerant, node("a:NoExecute:t"), SINCE))
        .isEqualTo(leave(ADDED.plusSeconds(300)));
    assertThat(EvictionPlan.of(tolerant, node("a:NoExecute:t", "b:NoExecute:t"), SINCE))
        .isEqualTo(leave(ADDED));
  }

  @Test
  void letsThePodStayThatToleratesForEver() {
    assertThat(EvictionPlan.of(pod("{\"operator\":\"Exists\"}"), node("a:NoExecute:t"), SINCE))
        .isEqualTo(EvictionPlan.STAY);
  }
}
