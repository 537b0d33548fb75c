package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Verdict;
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

  @Test
  void tellsWhetherAnEmptyNodeWouldDo() {
    NodeView full = node("a").view().with(wanting("x", "{cpu: 4}"));
    assertThat(hopeless(wanting("p", "{cpu: 1}"), full)).isFalse();
    assertThat(hopeless(wanting("p", "{cpu: 5}"), full)).isTrue();
    assertThat(hopeless(wanting("p", "{cpu: 1, example.com/gpu: 1}"), full)).isTrue();
  }

  @Test
  void fillsNodesWhereTheProfileWantsItSo() {
    ScoringStrategy most =
        new ScoringStrategy(
            ScoringStrategy.Type.MOST_ALLOCATED,
            List.of(new ScoringStrategy.Resource("example.com/gpu", 1)),
            List.of());
    NodeView free = node("a").offers(Map.of("example.com/gpu", "4")).view();
    NodeView used = free.with(wanting("x", "{example.com/gpu: 2}"));
    assertThat(scores(most, "{example.com/gpu: 1}", free, used)).containsExactly(25L, 75L);
    assertThat(scores(most, "{cpu: 1}", free, used))
        .as("GPUs are of no account to pods that want none")
        .containsExactly(0L, 0L);
  }

  @Test
  void followsTheCurveOfTheProfile() {
    ScoringStrategy curve =
        new ScoringStrategy(
            ScoringStrategy.Type.REQUESTED_TO_CAPACITY_RATIO,
            List.of(new ScoringStrategy.Resource("cpu", 1)),
            List.of(
                new ScoringStrategy.Point(0, 0),
                new ScoringStrategy.Point(50, 10),
                new ScoringStrategy.Point(100, 0)));
    NodeView empty = node("a").view();
    NodeView quarter = empty.with(wanting("x", "{cpu: 1}"));
    NodeView most = empty.with(wanting("x", "{cpu: 2}"));
    assertThat(scores(curve, "{cpu: 1}", empty, quarter, most)).containsExactly(50L, 100L, 50L);
  }

  @Test
  void leavesOutWhatTheProfileIgnores() {
    NodeResourcesFit blind =
        new NodeResourcesFit(
            ScoringStrategy.LEAST_ALLOCATED, Set.of("example.com/gpu"), Set.of("other.com"));
    NodeView node = node("a").view();
    assertThat(Ask.reasons(blind, wanting("p", "{example.com/gpu: 1, other.com/x: 1}"), node))
        .isEmpty();
    assertThat(Ask.reasons(blind, wanting("p", "{example.com/fpga: 1}"), node))
        .containsExactly("Insufficient example.com/fpga");
  }

  private boolean hopeless(PodView pod, NodeView node) {
    return plugin.prepareFilter(pod, new ClusterState()).check(node)
            instanceof Verdict.Rejected rejected
        && rejected.hopeless();
  }

  private static List<Long> scores(ScoringStrategy strategy, String wanted, NodeView... nodes) {
    return Ask.scores(
        new NodeResourcesFit(strategy, Set.of(), Set.of()),
        wanting("p", wanted),
        new ClusterState(),
        nodes);
  }

  private static PodView wanting(String name, String requests) {
    return PodView.of(
        Ask.pod(
            name, "containers: [{name: c, image: i, resources: {requests: " + requests + "}}]"));
  }
}
