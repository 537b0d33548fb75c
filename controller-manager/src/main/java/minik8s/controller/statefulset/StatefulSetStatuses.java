package minik8s.controller.statefulset;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import minik8s.api.ControllerRevision;
import minik8s.api.Pod;
import minik8s.api.StatefulSet;
import minik8s.controller.pods.Readiness;
import org.jspecify.annotations.Nullable;

/** Counts a set's pods. Pure. */
final class StatefulSetStatuses {
  private StatefulSetStatuses() {}

  /** The status to write. A finished rollout makes the new revision the current one. */
  static StatefulSet.Status of(StatefulSetPlan.View view, @Nullable Integer collisions) {
    StatefulSet set = view.set();
    List<Pod> pods = view.pods();
    int ready = count(pods, pod -> running(pod) && pod.ready());
    int available = count(pods, pod -> running(pod) && pod.ready() && ripe(view, pod));
    int current = count(pods, pod -> isOf(pod, view.current()));
    int updated = count(pods, pod -> isOf(pod, view.update()));
    String from = view.current().metadata().name();
    String to = view.update().metadata().name();
    int wanted = set.spec().wanted();
    boolean complete = updated == wanted && ready == wanted && pods.size() == wanted;
    if (complete && StatefulSetPlan.rolls(set)) {
      current = updated;
      from = to;
    }
    return new StatefulSet.Status(
        set.metadata().generation(),
        pods.size(),
        ready,
        current,
        updated,
        available,
        from,
        to,
        collisions,
        set.status().conditions());
  }

  private static int count(List<Pod> pods, Predicate<Pod> test) {
    return (int) pods.stream().filter(test).count();
  }

  private static boolean running(Pod pod) {
    return pod.status().phase().equals("Running");
  }

  private static boolean ripe(StatefulSetPlan.View view, Pod pod) {
    return Readiness.available(pod, view.set().spec().minReadySeconds(), view.now());
  }

  private static boolean isOf(Pod pod, ControllerRevision revision) {
    return !pod.metadata().deleting() && StatefulPods.isOf(pod, revision);
  }

  /** When the next ready pod becomes available; empty when none is waiting for its time. */
  static Optional<Duration> recheck(StatefulSetPlan.View view) {
    return view.pods().stream()
        .flatMap(pod -> Readiness.availableAt(pod, view.set().spec().minReadySeconds()).stream())
        .filter(at -> at.isAfter(view.now()))
        .min(Instant::compareTo)
        .map(at -> Duration.between(view.now(), at).plusMillis(1));
  }
}
