package minik8s.controller.podgc;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import minik8s.api.Pod;

/** Decides which pods no kubelet will ever remove. Pure. */
final class PodGcPlan {
  private PodGcPlan() {}

  /** A pod to remove at once, and what its status shall say first; empty for nothing. */
  record Removal(Pod pod, String message) {}

  /** A pod that was deleted before it got a node has no kubelet to wait for. */
  static boolean unscheduled(Pod pod) {
    return pod.metadata().deleting() && !pod.bound();
  }

  /** Pods of a node that is no more. */
  static List<Removal> orphaned(Collection<Pod> onNode) {
    return onNode.stream().map(pod -> new Removal(pod, "PodGC: node no longer exists")).toList();
  }

  /** The oldest ended pods beyond the threshold; a threshold of 0 or less keeps all. */
  static List<Removal> surplus(Collection<Pod> all, int threshold) {
    if (threshold <= 0 || all.size() <= threshold) {
      return List.of();
    }
    List<Pod> ended =
        all.stream().filter(pod -> pod.finished() && !pod.metadata().deleting()).toList();
    return ended.stream()
        .sorted(comparing(PodGcPlan::created).thenComparing(pod -> pod.metadata().name()))
        .limit(Math.max(0, ended.size() - threshold))
        .map(pod -> new Removal(pod, ""))
        .toList();
  }

  private static Instant created(Pod pod) {
    return Objects.requireNonNullElse(pod.metadata().creationTimestamp(), Instant.EPOCH);
  }
}
