package minik8s.controller.deployment;

import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.Deployment;
import minik8s.api.ReplicaSet;
import minik8s.controller.deployment.Action.CreateSet;
import minik8s.controller.deployment.Action.DeleteSet;
import minik8s.controller.deployment.Action.MarkSet;
import minik8s.controller.deployment.Action.ScaleSet;
import minik8s.controller.deployment.Action.SetRevision;
import minik8s.controller.pods.Templates;

/**
 * Decides the next step of a rollout. Pure. Perform the actions, show the result, ask again: no
 * actions means that nothing is left to do until something changes. The order of steps and all
 * numbers are those of Kubernetes' deployment controller.
 */
final class DeploymentPlan {
  private DeploymentPlan() {}

  static List<Action> next(Rollout rollout) {
    if (rollout.deployment().metadata().deleting()) {
      return List.of();
    }
    List<Action> marks = marks(rollout);
    if (!marks.isEmpty()) {
      return marks;
    }
    boolean paused = rollout.deployment().spec().paused();
    if (paused || rollout.resized()) {
      List<Action> scaling = Resizing.plan(rollout);
      if (paused && scaling.isEmpty()) {
        return surplus(rollout);
      }
      if (paused || !scaling.isEmpty()) {
        return scaling;
      }
    }
    List<Action> step = rollout.recreates() ? recreate(rollout) : roll(rollout);
    return step.isEmpty() && DeploymentStatuses.complete(rollout) ? surplus(rollout) : step;
  }

  /** Revision, copied annotations and readiness time, on the current set and on the deployment. */
  private static List<Action> marks(Rollout rollout) {
    Optional<ReplicaSet> found = rollout.current();
    if (found.isEmpty()) {
      return List.of();
    }
    Deployment deployment = rollout.deployment();
    ReplicaSet current = found.get();
    Map<String, String> missing = Marks.missing(deployment, current, rollout.revision());
    int minReady = deployment.spec().minReadySeconds();
    if (!missing.isEmpty() || current.spec().minReadySeconds() != minReady) {
      return List.of(new MarkSet(current, missing, minReady));
    }
    long revision = Marks.revision(current);
    return Marks.revision(deployment) == revision ? List.of() : List.of(new SetRevision(revision));
  }

  private static List<Action> roll(Rollout rollout) {
    Optional<ReplicaSet> found = rollout.current();
    if (found.isEmpty()) {
      return List.of(create(rollout, grown(rollout, 0)));
    }
    ReplicaSet current = found.get();
    int size = current.spec().wanted();
    int next = size > rollout.wanted() ? rollout.wanted() : grown(rollout, size);
    return next == size ? shrinkOld(rollout, current) : List.of(scale(rollout, current, next));
  }

  /** How large the current set may be: all together stay within wanted plus surge. */
  private static int grown(Rollout rollout, int size) {
    int room = rollout.wanted() + rollout.margins().surge() - rollout.size();
    return size + Math.max(0, Math.min(room, rollout.wanted() - size));
  }

  /** Takes pods from old sets: first those that are not available, then as many as may miss. */
  private static List<Action> shrinkOld(Rollout rollout, ReplicaSet current) {
    int minimum = rollout.wanted() - rollout.margins().unavailable();
    int notYet = current.spec().wanted() - Rollout.available(current);
    int removable = rollout.size() - minimum - notYet;
    List<Action> actions = new ArrayList<>();
    int available = rollout.sets().stream().mapToInt(Rollout::available).sum();
    int spare = Math.max(0, available - minimum);
    for (ReplicaSet set : rollout.old()) {
      int size = set.spec().wanted();
      int useless = Math.max(0, Math.min(removable, size - Rollout.available(set)));
      int useful = Math.max(0, Math.min(spare, Math.min(removable, size) - useless));
      if (useless + useful > 0) {
        actions.add(scale(rollout, set, size - useless - useful));
        removable -= useless + useful;
        spare -= useful;
      }
    }
    return actions;
  }

  private static List<Action> recreate(Rollout rollout) {
    List<Action> down =
        rollout.old().stream()
            .filter(set -> set.spec().wanted() > 0)
            .map(set -> (Action) scale(rollout, set, 0))
            .toList();
    if (!down.isEmpty() || oldPodsRun(rollout)) {
      return down;
    }
    Optional<ReplicaSet> current = rollout.current();
    if (current.isEmpty()) {
      return List.of(create(rollout, rollout.wanted()));
    }
    return current.get().spec().wanted() == rollout.wanted()
        ? List.of()
        : List.of(scale(rollout, current.get(), rollout.wanted()));
  }

  private static boolean oldPodsRun(Rollout rollout) {
    return rollout.old().stream()
        .anyMatch(set -> set.status().replicas() > 0 || rollout.populated().contains(set.uid()));
  }

  /** Old sets beyond the history limit, oldest revision first, only if quite empty. */
  private static List<Action> surplus(Rollout rollout) {
    Integer limit = rollout.deployment().spec().revisionHistoryLimit();
    List<ReplicaSet> old =
        rollout.old().stream()
            .filter(set -> !set.metadata().deleting())
            .sorted(comparingLong(Marks::revision))
            .toList();
    int excess = old.size() - (limit == null ? 10 : limit);
    return old.stream()
        .limit(Math.max(0, excess))
        .filter(DeploymentPlan::empty)
        .map(set -> (Action) new DeleteSet(set))
        .toList();
  }

  private static boolean empty(ReplicaSet set) {
    return set.spec().wanted() == 0
        && set.status().replicas() == 0
        && set.metadata().generation() <= set.status().observedGeneration();
  }

  private static Action create(Rollout rollout, int replicas) {
    Deployment deployment = rollout.deployment();
    String hash =
        Templates.hash(deployment.spec().template(), deployment.status().collisionCount());
    return new CreateSet(
        deployment.metadata().name() + "-" + hash,
        hash,
        replicas,
        Marks.forNewSet(deployment, rollout.revision()));
  }

  static ScaleSet scale(Rollout rollout, ReplicaSet set, int to) {
    return new ScaleSet(set, to, Marks.sizes(rollout.deployment()));
  }
}
