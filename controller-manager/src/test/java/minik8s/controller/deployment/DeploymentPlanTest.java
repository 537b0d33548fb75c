package minik8s.controller.deployment;

import static minik8s.controller.deployment.RolloutBuilder.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentPlanTest {
  /** The sizes that the plan gives, by set. */
  private static Map<String, Integer> sizes(Rollout rollout) {
    Map<String, Integer> sizes = new TreeMap<>();
    for (Action action : DeploymentPlan.next(rollout)) {
      Action.ScaleSet scale = (Action.ScaleSet) action;
      sizes.put(scale.set().uid(), scale.to());
    }
    return sizes;
  }

  @ParameterizedTest(name = "{0} wanted, surge {1}, unavailable {2}: old {3}, new {4} of {5}")
  @CsvSource({
    // wanted, surge, unavailable, old size = available, new size, new available, old then, new then
    "10, '\"25%\"', '\"25%\"', 10, 3, 0, 8, 3",
    "10, '\"25%\"', '\"25%\"', 8, 5, 0, 8, 5",
    "10, '\"25%\"', '\"25%\"', 8, 5, 2, 6, 5",
    "10, '\"25%\"', '\"25%\"', 6, 5, 2, 6, 7",
    "10, '\"25%\"', '\"25%\"', 0, 10, 10, 0, 10",
    "3, 1, 0, 3, 1, 0, 3, 1",
    "3, 1, 0, 3, 1, 1, 2, 1",
    "3, 0, 1, 3, 0, 0, 2, 0",
    "3, 0, 1, 2, 0, 0, 2, 1",
    "3, 0, 1, 2, 1, 0, 2, 1",
    "3, 0, 1, 2, 1, 1, 1, 1",
    "1, '\"25%\"', '\"25%\"', 1, 1, 0, 1, 1",
    "1, '\"25%\"', '\"25%\"', 1, 1, 1, 0, 1",
  })
  void movesBySurgeAndUnavailability(
      int wanted,
      String surge,
      String unavailable,
      int old,
      int fresh,
      int available,
      int oldThen,
      int freshThen) {
    Rollout rollout =
        wanting(wanted, "b")
            .margins(surge, unavailable)
            .set("a", old, old, old)
            .set("b", fresh, fresh, available)
            .build();
    Map<String, Integer> sizes = sizes(rollout);
    assertThat(sizes.getOrDefault("a", old)).isEqualTo(oldThen);
    assertThat(sizes.getOrDefault("b", fresh)).isEqualTo(freshThen);
  }

  @Test
  void createsTheNewSetAtTheSizeThatSurgeAllows() {
    Rollout rollout = wanting(10, "b").set("a", 10, 10, 10).build();
    assertThat(DeploymentPlan.next(rollout))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.CreateSet.class,
            create -> {
              assertThat(create.replicas()).isEqualTo(3);
              assertThat(create.name()).isEqualTo("web-" + create.hash());
              assertThat(create.annotations())
                  .containsEntry(Marks.REVISION, "2")
                  .containsEntry(Marks.DESIRED, "10")
                  .containsEntry(Marks.MAX, "13");
            });
  }

  @Test
  void takesBrokenOldPodsFirst() {
    Rollout rollout =
        wanting(10, "c")
            .margins("3", "2")
            .set("a", 5, 5, 5)
            .set("b", 5, 5, 1)
            .set("c", 3, 3, 0)
            .build();
    // 13 pods, 3 new ones not available, minimum 8: two may go; 6 available are too few anyway.
    assertThat(sizes(rollout)).isEqualTo(Map.of("b", 3));
  }

  @Test
  void countsNoPodsThatASmallerSizeHasCondemned() {
    Rollout rollout =
        wanting(10, "b").margins("3", "2").set("a", 8, 10, 10).set("b", 5, 5, 1).build();
    assertThat(sizes(rollout)).isEqualTo(Map.of("a", 7));
  }

  @Test
  void sharesAResizeInProportionDuringARollout() {
    Rollout rollout =
        wanting(15, "b")
            .margins("3", "2")
            .set("a", 8, 8, 8, 10, 13)
            .set("b", 5, 5, 0, 10, 13)
            .build();
    assertThat(sizes(rollout)).isEqualTo(Map.of("a", 11, "b", 7));
  }

  @Test
  void resizesTheOnlyActiveSetAtOnce() {
    assertThat(sizes(wanting(5, "a").set("a", 2, 2, 2, 2, 3).build())).isEqualTo(Map.of("a", 5));
    assertThat(sizes(wanting(0, "a").set("a", 2, 2, 2, 2, 3).build())).isEqualTo(Map.of("a", 0));
  }

  @Test
  void resizesButDoesNotRollWhilePaused() {
    Rollout rollout = wanting(5, "b").paused().set("a", 2, 2, 2, 2, 3).revision(1).build();
    assertThat(sizes(rollout)).isEqualTo(Map.of("a", 5));
    Rollout right = wanting(2, "b").paused().set("a", 2, 2, 2, 2, 3).revision(1).build();
    assertThat(DeploymentPlan.next(right)).isEmpty();
  }

  @Test
  void recreatesOnlyOnceEveryOldPodIsGone() {
    assertThat(sizes(wanting(3, "b").recreate().set("a", 3, 3, 3).build()))
        .isEqualTo(Map.of("a", 0));
    assertThat(DeploymentPlan.next(wanting(3, "b").recreate().set("a", 0, 1, 0).build())).isEmpty();
    assertThat(DeploymentPlan.next(wanting(3, "b").recreate().set("a", 0, 0, 0).build("a")))
        .isEmpty();
    assertThat(DeploymentPlan.next(wanting(3, "b").recreate().set("a", 0, 0, 0).build()))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.CreateSet.class, create -> assertThat(create.replicas()).isEqualTo(3));
  }

  @Test
  void givesASetThatIsRolledBackToTheNewestRevisionAndKeepsItsOld() {
    Rollout rollout = wanting(2, "a").set("a", 0, 0, 0).set("b", 2, 2, 2).build();
    assertThat(DeploymentPlan.next(rollout))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.MarkSet.class,
            mark ->
                assertThat(mark.annotations())
                    .containsEntry(Marks.REVISION, "3")
                    .containsEntry(Marks.HISTORY, "1"));
  }

  @Test
  void writesTheRevisionOnTheDeployment() {
    Rollout rollout = wanting(1, "a").set("a", 1, 1, 1).revision(7).build();
    assertThat(DeploymentPlan.next(rollout)).containsExactly(new Action.SetRevision(1));
  }

  @Test
  void forgetsOldEmptySetsBeyondTheLimitOldestFirst() {
    Rollout rollout =
        wanting(1, "d")
            .historyLimit(1)
            .set("a", 0, 0, 0)
            .set("b", 0, 0, 0)
            .set("c", 0, 0, 0)
            .set("d", 1, 1, 1)
            .build();
    assertThat(DeploymentPlan.next(rollout))
        .extracting(action -> ((Action.DeleteSet) action).set().uid())
        .containsExactly("a", "b");
  }

  @Test
  void forgetsNoSetThatStillHasPodsOrBeforeTheRolloutIsComplete() {
    Rollout busy =
        wanting(1, "c")
            .historyLimit(0)
            .set("a", 0, 0, 0)
            .set("b", 1, 1, 1)
            .set("c", 1, 1, 0)
            .build();
    assertThat(DeploymentPlan.next(busy)).isEmpty();
  }
}
