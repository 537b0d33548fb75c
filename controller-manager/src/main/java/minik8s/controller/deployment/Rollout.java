package minik8s.controller.deployment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import minik8s.api.Deployment;
import minik8s.api.ReplicaSet;
import minik8s.controller.pods.Templates;

/**
 * What the controller sees of one deployment at one moment. Immutable; {@link #with} gives the next
 * moment.
 *
 * @param sets all replica sets of the deployment, oldest first
 * @param populated uids of sets that still have pods which have not ended, those that are just
 *     terminating included; asked only under strategy Recreate
 * @param news the last thing that happened to the current set in this step
 */
record Rollout(Deployment deployment, List<ReplicaSet> sets, Set<String> populated, News news) {
  private static final Comparator<ReplicaSet> OLDEST_FIRST =
      Comparator.comparing((ReplicaSet set) ->
              Objects.requireNonNullElse(set.metadata().creationTimestamp(), Instant.MAX))
          .thenComparing(set -> set.metadata().name());

  /** Something that the Progressing condition shall tell. */
  sealed interface News {
    record None() implements News {}

    record Created(String set) implements News {}

    record CreationFailed(String set, String error) implements News {}

    /** The wanted name is taken by a different set. */
    record Collision() implements News {}
  }

  Rollout {
    sets = sets.stream().sorted(OLDEST_FIRST).toList();
    populated = Set.copyOf(populated);
  }

  static Rollout of(Deployment deployment, List<ReplicaSet> sets, Set<String> populated) {
    return new Rollout(deployment, sets, populated, new News.None());
  }

  /** The set that makes pods of the deployment's template; the oldest if there are several. */
  Optional<ReplicaSet> current() {
    return sets.stream()
        .filter(set -> Templates.same(set.spec().template(), deployment.spec().template()))
        .findFirst();
  }

  /** All sets but the current one, oldest first. */
  List<ReplicaSet> old() {
    Optional<ReplicaSet> current = current();
    return sets.stream().filter(set -> current.filter(set::equals).isEmpty()).toList();
  }

  /** The sets that shall have pods. */
  List<ReplicaSet> active() {
    return sets.stream().filter(set -> set.spec().wanted() > 0).toList();
  }

  int wanted() {
    return deployment.spec().wanted();
  }

  Margins margins() {
    return Margins.of(deployment.spec());
  }

  boolean recreates() {
    return recreates(deployment);
  }

  /** Whether old pods must be gone before new ones may start. */
  static boolean recreates(Deployment deployment) {
    Deployment.Strategy strategy = deployment.spec().strategy();
    return strategy != null && strategy.type().equals("Recreate");
  }

  /** The pods that all sets together shall have. */
  int size() {
    return sets.stream().mapToInt(set -> set.spec().wanted()).sum();
  }

  /** Whether the deployment was resized since its active sets were. */
  boolean resized() {
    return active().stream()
        .anyMatch(
            set -> Marks.desired(set).isPresent() && Marks.desired(set).getAsInt() != wanted());
  }

  /** The revision that the current set must carry: one above all others. */
  long revision() {
    return old().stream().mapToLong(Marks::revision).max().orElse(0) + 1;
  }

  /**
   * The set's available pods as far as they are sure to stay. A status may still count pods that a
   * smaller size has already condemned, so it never counts for more than the size.
   */
  static int available(ReplicaSet set) {
    return Math.min(set.status().availableReplicas(), set.spec().wanted());
  }

  /** The same with this set added, or in place of its older state. */
  Rollout with(ReplicaSet set) {
    List<ReplicaSet> next = new ArrayList<>(without(set).sets);
    next.add(set);
    return new Rollout(deployment, next, populated, news);
  }

  Rollout without(ReplicaSet set) {
    return new Rollout(
        deployment,
        sets.stream().filter(other -> !other.uid().equals(set.uid())).toList(),
        populated,
        news);
  }

  Rollout with(Deployment next) {
    return new Rollout(next, sets, populated, news);
  }

  Rollout with(News next) {
    return new Rollout(deployment, sets, populated, next);
  }
}
