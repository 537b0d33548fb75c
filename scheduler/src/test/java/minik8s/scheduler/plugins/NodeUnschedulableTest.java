package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import minik8s.scheduler.framework.PodView;
import org.junit.jupiter.api.Test;

class NodeUnschedulableTest {
  private final NodeUnschedulable filter = new NodeUnschedulable();

  @Test
  void keepsPodsOffCordonedNodes() {
    PodView pod = Ask.pod("{}");
    assertThat(Ask.reasons(filter, pod, node("a").view())).isEmpty();
    assertThat(Ask.reasons(filter, pod, node("b").cordoned().view()))
        .containsExactly("node(s) were unschedulable");
  }

  @Test
  void letsThroughWhoToleratesTheCordon() {
    PodView pod =
        Ask.pod(
            """
            tolerations:
            - key: node.kubernetes.io/unschedulable
              operator: Exists
              effect: NoSchedule
            """);
    assertThat(Ask.reasons(filter, pod, node("b").cordoned().view())).isEmpty();
  }
}
