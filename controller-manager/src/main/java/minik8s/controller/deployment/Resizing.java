package minik8s.controller.deployment;

import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import minik8s.api.ReplicaSet;
import minik8s.controller.deployment.Action.ScaleSet;

/**
 * Resizes the sets of a deployment whose own size changed, also while a rollout is under way or
 * paused: one active set gets it all, several share the change in proportion. Pure.
 *
 * <p>Source: Kubernetes' {@code scale}, {@code GetProportion} and {@code getReplicaSetFraction}.
 */
final class Resizing {
  private static final Comparator<ReplicaSet> NEWER_FIRST =
      Comparator.comparing((ReplicaSet set) ->
              Objects.requireNonNullElse(set.metadata().creationTimestamp(), java.time.Instant.MAX))
          .reversed();

  private Resizing() {}

  static List<Action> plan(Rollout rollout) {
    Optional<ReplicaSet> only = activeOrLatest(rollout);
    if (only.isPresent()) {
      return changes(rollout, Map.of(only.get(), rollout.wanted()));
    }
    if (saturated(rollout)) {
      Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
      rollout.old().stream()
          .filter(set -> set.spec().wanted() > 0)
          .forEach(set -> sizes.put(set, 0));
      return changes(rollout, sizes);
    }
    return rollout.recreates() ? List.of() : changes(rollout, shares(rollout));
  }

  /** The one active set; with none active the current or else the newest; empty for several. */
  private static Optional<ReplicaSet> activeOrLatest(Rollout rollout) {
    List<ReplicaSet> active = rollout.active();
    return switch (active.size()) {
      case 0 -> rollout.current().or(() -> rollout.sets().stream().min(NEWER_FIRST));
      case 1 -> Optional.of(active.getFirst());
      default -> Optional.empty();
    };
  }

  private static boolean saturated(Rollout rollout) {
    return rollout
        .current()
        .filter(set ->
            set.spec().wanted() == rollout.wanted()
                && set.status().availableReplicas() == rollout.wanted()
                && Marks.desired(set).orElse(-1) == rollout.wanted())
        .isPresent();
  }

  private static Map<ReplicaSet, Integer> shares(Rollout rollout) {
    int wanted = rollout.wanted();
    int allowed = wanted > 0 ? wanted + rollout.margins().surge() : 0;
    int change = allowed - rollout.size();
    Comparator<ReplicaSet> largest =
        comparingInt((ReplicaSet set) -> set.spec().wanted()).reversed();
    List<ReplicaSet> sets = new ArrayList<>(rollout.active());
    sets.sort(largest.thenComparing(change > 0 ? NEWER_FIRST : NEWER_FIRST.reversed()));
    Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
    int given = 0;
    for (ReplicaSet set : sets) {
      int share = share(rollout, set, change, given);
      sizes.put(set, set.spec().wanted() + share);
      given += share;
    }
    if (change != 0 && !sets.isEmpty()) {
      int rest = change - given;
      sizes.compute(sets.getFirst(), (_, size) -> Math.max(0, (size == null ? 0 : size) + rest));
    }
    return sizes;
  }

  private static int share(Rollout rollout, ReplicaSet set, int change, int given) {
    if (change == 0 || change == given) {
      return 0;
    }
    int fraction = fraction(rollout, set);
    return change > 0 ? Math.min(fraction, change - given) : Math.max(fraction, change - given);
  }

  /** What the set would gain if it grew exactly as the deployment's limit did. */
  private static int fraction(Rollout rollout, ReplicaSet set) {
    int size = set.spec().wanted();
    if (rollout.wanted() == 0) {
      return -size;
    }
    int limit = rollout.wanted() + rollout.margins().surge();
    int before = Marks.max(set).orElse(0);
    if (before == 0) {
      before = rollout.deployment().status().replicas();
    }
    return before == 0 ? 0 : (int) Math.round((double) size * limit / before) - size;
  }

  /** Actions for what differs; a set of the right size with old annotations gets new ones. */
  private static List<Action> changes(Rollout rollout, Map<ReplicaSet, Integer> sizes) {
    List<Action> actions = new ArrayList<>();
    sizes.forEach((set, size) -> {
      ScaleSet scale = DeploymentPlan.scale(rollout, set, size);
      boolean marked =
          set.metadata().annotations().entrySet().containsAll(scale.annotations().entrySet());
      if (size != set.spec().wanted() || !marked) {
        actions.add(scale);
      }
    });
    return actions;
  }
}
