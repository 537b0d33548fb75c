package minik8s.controller.replicaset;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.Condition;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.controller.pods.Readiness;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Counts a set's pods. Pure. */
final class ReplicaSetStatuses {
  private static final String FAILURE = "ReplicaFailure";

  private ReplicaSetStatuses() {}

  /**
   * The status to write.
   *
   * @param active the set's pods that count, as the cache shows them
   * @param error why pods could not be created or deleted; null when all went well
   * @param now in whole seconds
   */
  static ReplicaSet.Status of(
      ReplicaSet set, List<Pod> active, @Nullable String error, Instant now) {
    int minReady = set.spec().minReadySeconds();
    JsonNode labels = set.spec().template().node().path("metadata").path("labels");
    return new ReplicaSet.Status(
        active.size(),
        count(active, pod -> labelled(pod, labels)),
        count(active, Pod::ready),
        count(active, pod -> Readiness.available(pod, minReady, now)),
        set.status().terminatingReplicas(),
        set.metadata().generation(),
        conditions(set, active, error, now));
  }

  private static int count(List<Pod> pods, java.util.function.Predicate<Pod> test) {
    return (int) pods.stream().filter(test).count();
  }

  private static boolean labelled(Pod pod, JsonNode labels) {
    Map<String, String> has = pod.metadata().labels();
    return labels
        .propertyStream()
        .allMatch(label -> label.getValue().asString("").equals(has.get(label.getKey())));
  }

  private static List<Condition> conditions(
      ReplicaSet set, List<Pod> active, @Nullable String error, Instant now) {
    List<Condition> old = set.status().conditions();
    if (error == null) {
      return old.stream().filter(condition -> !condition.type().equals(FAILURE)).toList();
    }
    if (Condition.find(old, FAILURE) != null) {
      return old;
    }
    String reason = active.size() < set.spec().wanted() ? "FailedCreate" : "FailedDelete";
    return Condition.set(old, Condition.of(FAILURE, true, reason, error, now));
  }

  /**
   * Whether nobody misses the status while others follow: it only counts more pods than before, and
   * not yet all.
   */
  static boolean canWait(ReplicaSet set, ReplicaSet.Status next) {
    ReplicaSet.Status old = set.status();
    return next.observedGeneration() == old.observedGeneration()
        && next.conditions().equals(old.conditions())
        && next.replicas() >= old.replicas()
        && next.fullyLabeledReplicas() >= old.fullyLabeledReplicas()
        && next.readyReplicas() >= old.readyReplicas()
        && next.availableReplicas() >= old.availableReplicas()
        && !complete(set, next);
  }

  private static boolean complete(ReplicaSet set, ReplicaSet.Status status) {
    int wanted = set.spec().wanted();
    return status.replicas() == wanted
        && status.readyReplicas() == wanted
        && status.availableReplicas() == wanted;
  }

  /** When the next ready pod becomes available; empty when none is waiting for its time. */
  static Optional<Duration> recheck(ReplicaSet set, List<Pod> active, Instant now) {
    return active.stream()
        .flatMap(pod -> Readiness.availableAt(pod, set.spec().minReadySeconds()).stream())
        .filter(at -> at.isAfter(now))
        .min(Instant::compareTo)
        .map(at -> Duration.between(now, at));
  }
}
