package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import org.junit.jupiter.api.Test;

/** The plugins that only rate. */
class ScoresTest {
  private final ClusterState cluster = new ClusterState();

  @Test
  void prefersNodesOnWhichCpuAndMemoryStayInProportion() {
    NodeView level = node("level").view().with(pod("x", "{cpu: 1, memory: 2Gi}"));
    NodeView skewed = node("skewed").view().with(pod("y", "{cpu: 3}"));
    assertThat(
            Ask.scores(
                new BalancedAllocation(),
                pod("p", "{cpu: 1, memory: 2Gi}"),
                cluster,
                level,
                skewed))
        .containsExactly(100L, 62L);
  }

  @Test
  void hasNoOpinionOnBalanceWithoutRequests() {
    assertThat(new BalancedAllocation().prepareScore(Ask.pod("{}"), cluster, List.of())).isNull();
  }

  @Test
  void prefersNodesThatHoldLargeImages() {
    cluster.put(node("a").image("docker.io/library/big:latest", 1000L << 20).build());
    cluster.put(node("b").build());
    PodView pod = PodView.of(Ask.pod("p", "containers: [{name: c, image: big}]"));
    // Half the nodes hold it, so half of its bytes count: (500 - 23) / (1000 - 23).
    assertThat(Ask.scores(new ImageLocality(), pod, cluster, cluster.node(0), cluster.node(1)))
        .containsExactly(48L, 0L);
  }

  @Test
  void hasNoOpinionOnImagesThatNobodyHolds() {
    cluster.put(node("a").image("other:1", 1000L << 20).build());
    assertThat(new ImageLocality().prepareScore(Ask.pod("{}"), cluster, List.of())).isNull();
  }

  private static PodView pod(String name, String requests) {
    return PodView.of(
        Ask.pod(
            name, "containers: [{name: c, image: i, resources: {requests: " + requests + "}}]"));
  }
}
