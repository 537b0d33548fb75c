package minik8s.scheduler;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.Verdict;
import minik8s.scheduler.plugins.StandardProfile;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementPlanTest {
  private final ClusterState cluster = new ClusterState();
  private final PodView pod = pod("p");

  /** Rejects every node and counts how often it was asked. */
  private static final class Never implements Filter {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public String name() {
      return "Never";
    }

    @Override
    public Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
      return _ -> {
        asked.incrementAndGet();
        return Verdict.rejected("never");
      };
    }

    @Override
    public Set<ClusterChange> curedBy() {
      return Set.of(ClusterChange.NODE_LABELS);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "100,100", "101,100", "150,100", "1000,420", "5000,500", "6000,300"})
  void looksForFewerNodesTheLargerTheCluster(int nodes, int enough) {
    assertThat(StandardProfile.create().feasibleEnough(nodes)).isEqualTo(enough);
  }

  @Test
  void findsTheOneNodeThatFitsAmongMany() {
    for (int i = 0; i < 1000; i++) {
      cluster.put(i == 777 ? node("right").build() : node("n" + i).cordoned().build());
    }
    assertThat(chosen(new PlacementPlan(StandardProfile.create(), cluster, _ -> false)))
        .isEqualTo("right");
  }

  @Test
  void givesEveryNodeItsTurn() {
    for (int i = 0; i < 300; i++) {
      cluster.put(node("n" + i).build());
    }
    PlacementPlan plan =
        new PlacementPlan(new Profile("s", List.of(), List.of(), false, 0), cluster, _ -> false);
    Set<String> turns = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      turns.add(chosen(plan));
    }
    assertThat(turns).as("each search starts where the last ended").hasSize(3);
  }

  @Test
  void takesTheEmptierOfTwoEquals() {
    cluster.put(node("a").build());
    cluster.put(node("b").build());
    cluster.place(pod("x"), "a");
    PlacementPlan plan =
        new PlacementPlan(new Profile("s", List.of(), List.of(), false, 0), cluster, _ -> false);
    assertThat(chosen(plan)).isEqualTo("b");
  }

  @Test
  void weighsScores() {
    cluster.put(node("a").build());
    cluster.put(node("b").build());
    cluster.put(node("c").build());
    Profile profile =
        new Profile(
            "s",
            List.of(),
            List.of(
                new Profile.Weighted(rating(Map.of("a", 100L, "c", 60L)), 1),
                new Profile.Weighted(rating(Map.of("b", 40L, "c", 60L)), 2)),
            false,
            0);
    assertThat(chosen(new PlacementPlan(profile, cluster, _ -> false))).isEqualTo("c");
  }

  @Test
  void refusesAnEqualPodInAnUnchangedClusterWithoutLooking() {
    Never never = new Never();
    cluster.put(node("a").build());
    PlacementPlan plan =
        new PlacementPlan(
            new Profile("s", List.of(never), List.of(), false, 0), cluster, _ -> false);
    Placement first = plan.decide(pod);
    assertThat(plan.decide(pod("q"))).isEqualTo(first);
    assertThat(never.asked).as("whether, and why not").hasValue(2);
    cluster.put(node("b").build());
    assertThat(plan.decide(pod("q"))).isNotEqualTo(first);
    assertThat(never.asked).hasValue(6);
    plan.decide(PodView.of(Pods.pod("other").uid("o").label("x", "y").build()));
    assertThat(never.asked).hasValue(10);
  }

  @Test
  void saysWhatMayHelp() {
    cluster.put(node("a").build());
    Profile profile = new Profile("s", List.of(new Never()), List.of(), false, 0);
    assertThat(new PlacementPlan(profile, cluster, _ -> false).decide(pod))
        .isInstanceOfSatisfying(
            Placement.Nowhere.class,
            nowhere ->
                assertThat(nowhere.cure().changes())
                    .containsExactlyInAnyOrder(
                        ClusterChange.NODE_ADDED, ClusterChange.NODE_LABELS));
  }

  private String chosen(PlacementPlan plan) {
    return switch (plan.decide(pod)) {
      case Placement.On on -> on.node().name();
      case Placement.Nowhere nowhere -> throw new AssertionError(nowhere.message());
      case Placement.Displace displace -> throw new AssertionError(displace.message());
    };
  }

  private static PodView pod(String name) {
    return PodView.of(Pods.pod(name).uid("uid-" + name).build());
  }

  private static Score rating(Map<String, Long> ratings) {
    return new Score() {
      @Override
      public String name() {
        return "Rating";
      }

      @Override
      public Scorer prepareScore(PodView pod, ClusterSnapshot cluster, List<NodeView> feasible) {
        return node -> ratings.getOrDefault(node.name(), 0L);
      }
    };
  }
}
