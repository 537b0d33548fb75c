package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import org.junit.jupiter.api.Test;

class NodeResourcesFitTest {
  private final NodeResourcesFit plugin = new NodeResourcesFit();

  @Test
  void fillsANodeToTheLastMillicore() {
    NodeView half = node("a").view().with(wanting("x", "{cpu: 2500m}"));
    assertThat(Ask.reasons(plugin, wanting("p", "{cpu: 1500m}"), half)).isEmpty();
    assertThat(Ask.reasons(plugin, wanting("p", "{cpu: 1501m}"), half))
        .containsExactly("Insufficient cpu");
  }

  @Test
  void namesEverythingThatLacks() {
    NodeView tiny =
        node("a")
            .offers(Map.of("cpu", "1", "memory", "1Gi", "ephemeral-storage", "1Gi", "pods", "1"))
            .view()
            .with(wanting("x", "{}"));
    PodView greedy =
        wanting("p", "{cpu: 2, memory: 2Gi, ephemeral-storage: 2Gi, example.com/gpu: 1}");
    assertThat(Ask.reasons(plugin, greedy, tiny))
        .containsExactly(
            "Too many pods",
            "Insufficient cpu",
            "Insufficient memory",
            "Insufficient ephemeral-storage",
            "Insufficient example.com/gpu");
  }

  @Test
  void countsPods() {
    NodeView full = node("a").offers(Map.of("pods", "1")).view().with(wanting("x", "{}"));
    assertThat(Ask.reasons(plugin, wanting("p", "{}"), full)).containsExactly("Too many pods");
  }

  @Test
  void letsWhoAsksForNothingOntoAnOverfullNode() {
    NodeView overfull = node("a").view().with(wanting("x", "{cpu: 5}"));
    assertThat(Ask.reasons(plugin, wanting("p", "{memory: 1Mi}"), overfull)).isEmpty();
  }

  @Test
  void countsExtendedResources() {
    NodeView gpus =
        node("a")
            .offers(Map.of("example.com/gpu", "2"))
            .view()
            .with(wanting("x", "{example.com/gpu: 1}"));
    assertThat(Ask.reasons(plugin, wanting("p", "{example.com/gpu: 1}"), gpus)).isEmpty();
    assertThat(Ask.reasons(plugin, wanting("p", "{example.com/gpu: 2}"), gpus))
        .containsExactly("Insufficient example.com/gpu");
    assertThat(Ask.reasons(plugin, wanting("p", "{example.com/gpu: 2}"), gpus.without("uid-x")))
        .isEmpty();
  }

  @Test
  void ratesEmptyNodesFirst() {
    NodeView empty = node("a").view();
    NodeView half = node("b").view().with(wanting("x", "{cpu: 2, memory: 4Gi}"));
    assertThat(
            Ask.scores(
                plugin, wanting("p", "{cpu: 1, memory: 2Gi}"), new ClusterState(), empty, half))
        .containsExactly(75L, 25L);
  }

  @Test
  void ratesPodsWithoutRequestsAsIfTheyAskedForALittle() {
    NodeView empty = node("a").view();
    NodeView used = node("b").view();
    for (int i = 0; i < 10; i++) {
      used = used.with(wanting("x" + i, "{}"));
    }
    assertThat(Ask.scores(plugin, wanting("p", "{}"), new ClusterState(), empty, used))
        .containsExactly(97L, 72L);
  }

  private static PodView wanting(String name, String requests) {
    return PodView.of(
        Ask.pod(
            name, "containers: [{name: c, image: i, resources: {requests: " + requests + "}}]"));
  }
}
