package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.PodView;
import org.junit.jupiter.api.Test;

class NodeNameTest {
  private final NodeName filter = new NodeName();

  @Test
  void sendsPodToTheNodeItNamesOnly() {
    PodView pod = Ask.pod("nodeName: a");
    assertThat(Ask.reasons(filter, pod, node("a").view())).isEmpty();
    assertThat(Ask.reasons(filter, pod, node("b").view()))
        .containsExactly("node(s) didn't match the requested node name");
  }

  @Test
  void asksNothingForOtherPods() {
    assertThat(filter.prepareFilter(Ask.pod("{}"), new ClusterState())).isNull();
  }
}
