package minik8s.controller.disruption;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import minik8s.api.IntOrString;
import minik8s.api.Pod;
import minik8s.api.PodDisruptionBudget;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many of a budget's pods may be taken away. Pure. Source: Kubernetes' {@code
 * pkg/controller/disruption}.
 */
final class DisruptionPlan {
  /** How long an evicted pod may take until its deletion shows. */
  static final Duration CONFIRMATION = Duration.ofMinutes(2);

  private DisruptionPlan() {}

  /** Whether the budget's bounds depend on how many pods somebody wants. */
  static boolean needsScale(PodDisruptionBudget budget) {
    return budget.spec().maxUnavailable() != null
        || budget.spec().minAvailable() instanceof IntOrString.Text;
  }

  /** How many pods there should be, and how many of them healthy. */
  record Bounds(int expected, int desired) {
    /**
     * The bounds of a budget.
     *
     * @param pods how many it selects
     * @param wanted how many their owners want; counts only where {@link #needsScale}
     */
    static Bounds of(PodDisruptionBudget budget, int pods, int wanted) {
      IntOrString most = budget.spec().maxUnavailable();
      IntOrString least = budget.spec().minAvailable();
      if (most != null) {
        return new Bounds(wanted, Math.max(0, wanted - most.scaled(wanted, true)));
      }
      return switch (least) {
        case null -> new Bounds(0, 0);
        case IntOrString.Int number -> new Bounds(pods, number.value());
        case IntOrString.Text percent -> new Bounds(wanted, percent.scaled(wanted, true));
      };
    }
  }

  /**
   * What follows from the pods.
   *
   * @param disrupted evicted pods that have not gone yet
   * @param overdue evicted pods that should have gone by now
   * @param recheck when the next one becomes overdue; null when none waits
   */
  record Count(
      Map<String, Instant> disrupted, List<Pod> overdue, int healthy, @Nullable Instant recheck) {}

  /** Counts the healthy pods. */
  static Count count(PodDisruptionBudget budget, Collection<Pod> pods, Instant now) {
    Map<String, Instant> known = budget.status().disruptedPods();
    Map<String, Instant> disrupted = new TreeMap<>();
    List<Pod> overdue =
        pods.stream()
            .filter(pod -> !pod.metadata().deleting())
            .filter(pod -> evicted(pod, known).filter(at -> late(at, now)).isPresent())
            .toList();
    int healthy = 0;
    for (Pod pod : pods) {
      Optional<Instant> at = evicted(pod, known);
      if (pod.metadata().deleting()) {
        continue;
      }
      if (at.isPresent() && !late(at.get(), now)) {
        disrupted.put(pod.metadata().name(), at.get());
      } else if (pod.ready()) {
        healthy++;
      }
    }
    Instant recheck =
        disrupted.values().stream()
            .map(at -> at.plus(CONFIRMATION))
            .min(Instant::compareTo)
            .orElse(null);
    return new Count(disrupted, overdue, healthy, recheck);
  }

  private static boolean late(Instant evicted, Instant now) {
    return !evicted.plus(CONFIRMATION).isAfter(now);
  }

  /** When the pod was evicted; a namesake that was made later was not. */
  private static Optional<Instant> evicted(Pod pod, Map<String, Instant> known) {
    Instant created = pod.metadata().creationTimestamp();
    return Optional.ofNullable(known.get(pod.metadata().name()))
        .filter(at -> !Objects.requireNonNullElse(created, Instant.MIN).isAfter(at));
  }

  /** How many may go. */
  static int allowed(Bounds bounds, int healthy) {
    return bounds.expected() <= 0 ? 0 : Math.max(0, healthy - bounds.desired());
  }
}
