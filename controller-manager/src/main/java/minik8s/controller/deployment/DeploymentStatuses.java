package minik8s.controller.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import minik8s.api.Condition;
import minik8s.api.Deployment;
import minik8s.api.ReplicaSet;
import org.jspecify.annotations.Nullable;

/**
 * Says how a rollout stands, in Kubernetes' numbers, reasons and words, which {@code kubectl
 * rollout status} reads. Pure.
 */
final class DeploymentStatuses {
  private static final String AVAILABLE = "Available";
  private static final String PROGRESSING = "Progressing";
  private static final String REPLICA_FAILURE = "ReplicaFailure";
  private static final String NEW_SET_AVAILABLE = "NewReplicaSetAvailable";
  private static final String TIMED_OUT = "ProgressDeadlineExceeded";
  private static final int NO_DEADLINE = Integer.MAX_VALUE;

  private DeploymentStatuses() {}

  /**
   * The status to write.
   *
   * @param now in whole seconds, as conditions hold them
   */
  static Deployment.Status of(Rollout rollout, Instant now) {
    Deployment.Status counts = counts(rollout);
    List<Condition> conditions = counts.conditions();
    conditions = set(conditions, availability(rollout, counts, now));
    if (!rollout.deployment().metadata().deleting()) {
      conditions = progress(rollout, counts, conditions, now);
    }
    conditions = failures(rollout, conditions);
    return with(counts, conditions);
  }

  /** Whether every pod is of the present template and available. */
  static boolean complete(Rollout rollout) {
    return complete(rollout, counts(rollout));
  }

  private static boolean complete(Rollout rollout, Deployment.Status status) {
    int wanted = rollout.wanted();
    return status.updatedReplicas() == wanted
        && status.replicas() == wanted
        && status.availableReplicas() == wanted;
  }

  /**
   * Whether nobody misses the status while others follow: it differs by numbers of pods alone, and
   * neither all are there nor none is. The plan counts on the sets' statuses, never on this one.
   */
  static boolean canWait(Rollout rollout, Deployment.Status next) {
    Deployment.Status old = rollout.deployment().status();
    return next.observedGeneration() == old.observedGeneration()
        && Objects.equals(next.collisionCount(), old.collisionCount())
        && verdicts(next).equals(verdicts(old))
        && next.replicas() > 0
        && !complete(rollout, next);
  }

  /** What the conditions say, whenever they said so first. */
  private static List<List<String>> verdicts(Deployment.Status status) {
    return status.conditions().stream()
        .map(condition -> List.of(condition.type(), condition.status(), condition.reason()))
        .toList();
  }

  private static Deployment.Status counts(Rollout rollout) {
    int replicas = 0;
    int ready = 0;
    int available = 0;
    for (ReplicaSet set : rollout.sets()) {
      replicas += set.status().replicas();
      ready += set.status().readyReplicas();
      available += set.status().availableReplicas();
    }
    Deployment deployment = rollout.deployment();
    Deployment.Status old = deployment.status();
    Integer collisions = old.collisionCount();
    if (rollout.news() instanceof Rollout.News.Collision) {
      collisions = collisions == null ? 1 : collisions + 1;
    }
    return new Deployment.Status(
        deployment.metadata().generation(),
        replicas,
        rollout.current().map(set -> set.status().replicas()).orElse(0),
        ready,
        available,
        Math.max(0, rollout.size() - available),
        old.terminatingReplicas(),
        old.conditions(),
        collisions);
  }

  private static Condition availability(Rollout rollout, Deployment.Status status, Instant now) {
    int minimum = rollout.wanted() - rollout.margins().unavailable();
    return status.availableReplicas() >= minimum
        ? condition(
            AVAILABLE,
            "True",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
            now)
        : condition(
            AVAILABLE,
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
            now);
  }

  private static List<Condition> progress(
      Rollout rollout, Deployment.Status status, List<Condition> old, Instant now) {
    if (deadline(rollout) == NO_DEADLINE) {
      return without(old, PROGRESSING);
    }
    List<Condition> conditions = news(rollout, pause(rollout, old, now), now);
    Condition current = Condition.find(conditions, PROGRESSING);
    boolean settled =
        status.replicas() == status.updatedReplicas()
            && current != null
            && current.reason().equals(NEW_SET_AVAILABLE);
    if (settled || rollout.deployment().spec().paused()) {
      return conditions;
    }
    String subject =
        rollout
            .current()
            .map(set -> "ReplicaSet \"" + set.metadata().name() + "\"")
            .orElse("Deployment \"" + rollout.deployment().metadata().name() + "\"");
    if (complete(rollout, status)) {
      return set(conditions, progressing("True", NEW_SET_AVAILABLE, subject + DONE, now));
    }
    if (progressed(rollout.deployment().status(), status)) {
      return renewed(
          conditions, progressing("True", "ReplicaSetUpdated", subject + " is progressing.", now));
    }
    return timedOut(rollout, current, now)
        ? set(
            conditions,
            progressing("False", TIMED_OUT, subject + " has timed out progressing.", now))
        : conditions;
  }

  private static final String DONE = " has successfully progressed.";

  /** Notes that the rollout was paused or resumed, unless it is already reported as stuck. */
  private static List<Condition> pause(Rollout rollout, List<Condition> conditions, Instant now) {
    Condition current = Condition.find(conditions, PROGRESSING);
    String reason = current == null ? "" : current.reason();
    boolean paused = rollout.deployment().spec().paused();
    if (reason.equals(TIMED_OUT)) {
      return conditions;
    }
    if (paused && !reason.equals("DeploymentPaused")) {
      return set(
          conditions, progressing("Unknown", "DeploymentPaused", "Deployment is paused", now));
    }
    return !paused && reason.equals("DeploymentPaused")
        ? set(conditions, progressing("Unknown", "DeploymentResumed", "Deployment is resumed", now))
        : conditions;
  }

  private static List<Condition> news(Rollout rollout, List<Condition> conditions, Instant now) {
    return switch (rollout.news()) {
      case Rollout.News.Created(String set) ->
          set(
              conditions,
              progressing(
                  "True", "NewReplicaSetCreated", "Created new replica set \"" + set + "\"", now));
      case Rollout.News.CreationFailed(String set, String error) ->
          set(
              conditions,
              progressing(
                  "False",
                  "ReplicaSetCreateError",
                  "Failed to create new replica set \"" + set + "\": " + error,
                  now));
      case Rollout.News.Collision _ -> conditions;
      case Rollout.News.None _ -> found(rollout, conditions, now);
    };
  }

  private static List<Condition> found(Rollout rollout, List<Condition> conditions, Instant now) {
    Optional<ReplicaSet> current = rollout.current();
    if (current.isEmpty() || Condition.find(conditions, PROGRESSING) != null) {
      return conditions;
    }
    return set(
        conditions,
        progressing(
            "True",
            "FoundNewReplicaSet",
            "Found new replica set \"" + current.get().metadata().name() + "\"",
            now));
  }

  private static boolean progressed(Deployment.Status before, Deployment.Status after) {
    return after.updatedReplicas() > before.updatedReplicas()
        || after.replicas() - after.updatedReplicas() < before.replicas() - before.updatedReplicas()
        || after.readyReplicas() > before.readyReplicas()
        || after.availableReplicas() > before.availableReplicas();
  }

  private static boolean timedOut(Rollout rollout, @Nullable Condition current, Instant now) {
    if (current == null || current.reason().equals(NEW_SET_AVAILABLE)) {
      return false;
    }
    return current.reason().equals(TIMED_OUT) || expiry(rollout, current).isBefore(now);
  }

  private static Instant expiry(Rollout rollout, Condition progressing) {
    Instant since = progressing.lastUpdateTime();
    return since == null ? Instant.MAX : since.plusSeconds(deadline(rollout));
  }

  private static int deadline(Rollout rollout) {
    Integer seconds = rollout.deployment().spec().progressDeadlineSeconds();
    return seconds == null ? 600 : seconds;
  }

  /** When to look again although nothing may change: just after the progress deadline. */
  static Optional<Duration> recheck(Rollout rollout, Deployment.Status status, Instant now) {
    Condition current = Condition.find(status.conditions(), PROGRESSING);
    if (current == null
        || current.lastUpdateTime() == null
        || current.reason().equals(TIMED_OUT)
        || rollout.deployment().spec().paused()
        || rollout.deployment().metadata().deleting()
        || complete(rollout, status)) {
      return Optional.empty();
    }
    Duration left = Duration.between(now, expiry(rollout, current)).plusSeconds(1);
    return Optional.of(left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left);
  }

  /** Repeats a set's failure to make or delete pods: the current set's first. */
  private static List<Condition> failures(Rollout rollout, List<Condition> conditions) {
    List<ReplicaSet> sets = new ArrayList<>(rollout.current().stream().toList());
    sets.addAll(rollout.sets());
    for (ReplicaSet set : sets) {
      Condition failure = Condition.find(set.status().conditions(), REPLICA_FAILURE);
      if (failure != null) {
        return set(
            conditions,
            new Condition(
                REPLICA_FAILURE,
                failure.status(),
                failure.reason(),
                failure.message(),
                failure.lastTransitionTime(),
                null,
                failure.lastTransitionTime()));
      }
    }
    return without(conditions, REPLICA_FAILURE);
  }

  private static Condition progressing(String status, String reason, String message, Instant now) {
    return condition(PROGRESSING, status, reason, message, now);
  }

  private static Condition condition(
      String type, String status, String reason, String message, Instant now) {
    return new Condition(type, status, reason, message, now, null, now);
  }

  /** Kubernetes' rule: same status and reason change nothing, not even the message. */
  private static List<Condition> set(List<Condition> conditions, Condition next) {
    Condition old = Condition.find(conditions, next.type());
    boolean same =
        old != null && old.status().equals(next.status()) && old.reason().equals(next.reason());
    return same ? conditions : renewed(conditions, next);
  }

  /** Puts the condition in place; the transition time moves only with the status. */
  private static List<Condition> renewed(List<Condition> conditions, Condition next) {
    return Condition.set(conditions, next);
  }

  private static List<Condition> without(List<Condition> conditions, String type) {
    return conditions.stream().filter(condition -> !condition.type().equals(type)).toList();
  }

  private static Deployment.Status with(Deployment.Status status, List<Condition> conditions) {
    return new Deployment.Status(
        status.observedGeneration(),
        status.replicas(),
        status.updatedReplicas(),
        status.readyReplicas(),
        status.availableReplicas(),
        status.unavailableReplicas(),
        status.terminatingReplicas(),
        conditions,
        status.collisionCount());
  }
}
