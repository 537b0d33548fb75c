package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import org.junit.jupiter.api.Test;

class TaintTolerationTest {
  private final TaintToleration plugin = new TaintToleration();
  private final NodeView gpu = node("gpu").taint("dedicated", "gpu", "NoSchedule").view();
  private final NodeView gone =
      node("gone").taint("node.kubernetes.io/unreachable", "", "NoExecute").view();
  private final NodeView dear = node("dear").taint("cost", "high", "PreferNoSchedule").view();

  @Test
  void rejectsWithTheTaint() {
    PodView pod = Ask.pod("{}");
    assertThat(Ask.reasons(plugin, pod, gpu))
        .containsExactly("node(s) had untolerated taint {dedicated: gpu}");
    assertThat(Ask.reasons(plugin, pod, gone))
        .containsExactly("node(s) had untolerated taint {node.kubernetes.io/unreachable: }");
    assertThat(Ask.reasons(plugin, pod, dear)).isEmpty();
  }

  @Test
  void acceptsTolerationsOfValueKeyOrEverything() {
    PodView byValue = Ask.pod("tolerations: [{key: dedicated, value: gpu, effect: NoSchedule}]");
    PodView byKey = Ask.pod("tolerations: [{key: dedicated, operator: Exists}]");
    PodView all = Ask.pod("tolerations: [{operator: Exists}]");
    assertThat(Ask.reasons(plugin, byValue, gpu)).isEmpty();
    assertThat(Ask.reasons(plugin, byKey, gpu)).isEmpty();
    assertThat(Ask.reasons(plugin, all, gpu)).isEmpty();
    assertThat(Ask.reasons(plugin, all, gone)).isEmpty();
  }

  @Test
  void rejectsTolerationsOfAnotherValueOrEffect() {
    PodView otherValue = Ask.pod("tolerations: [{key: dedicated, value: ssd}]");
    PodView otherEffect =
        Ask.pod("tolerations: [{key: dedicated, operator: Exists, effect: NoExecute}]");
    assertThat(Ask.reasons(plugin, otherValue, gpu)).hasSize(1);
    assertThat(Ask.reasons(plugin, otherEffect, gpu)).hasSize(1);
  }

  @Test
  void ratesNodesWithUntoleratedPreferencesLast() {
    ClusterState cluster = new ClusterState();
    NodeView plain = node("plain").view();
    assertThat(Ask.scores(plugin, Ask.pod("{}"), cluster, dear, plain)).containsExactly(0L, 100L);
    PodView rich = Ask.pod("tolerations: [{key: cost, operator: Exists}]");
    assertThat(Ask.scores(plugin, rich, cluster, dear, plain)).containsExactly(100L, 100L);
  }
}
