package minik8s.controller.podgc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PodGcPlanTest {
  private static Pod ended(String name, int second) {
    ObjectNode pod = Pods.pod(name).node("n").phase("Succeeded").document();
    pod.withObject("metadata").put("creationTimestamp", "2026-01-01T00:00:0" + second + "Z");
    return Json.read(pod, Pod.class);
  }

  @Test
  void removesTheOldestEndedPodsBeyondTheThreshold() {
    List<Pod> all =
        List.of(ended("c", 3), ended("a", 1), Pods.pod("run").running().build(), ended("b", 2));
    assertThat(PodGcPlan.surplus(all, 1))
        .extracting(removal -> removal.pod().metadata().name())
        .containsExactly("a", "b");
    assertThat(PodGcPlan.surplus(all, 4)).isEmpty();
    assertThat(PodGcPlan.surplus(all, 0)).isEmpty();
  }

  @Test
  void knowsDeletedPodsThatNeverGotANode() {
    ObjectNode pod = Pods.pod("p").document();
    assertThat(PodGcPlan.unscheduled(Json.read(pod, Pod.class))).isFalse();
    pod.withObject("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
    assertThat(PodGcPlan.unscheduled(Json.read(pod, Pod.class))).isTrue();
    pod.withObject("spec").put("nodeName", "n");
    assertThat(PodGcPlan.unscheduled(Json.read(pod, Pod.class))).isFalse();
  }
}
