package minik8s.controller.daemonset;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import minik8s.api.DaemonSet;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.controller.daemonset.Placement.Verdict;
import minik8s.controller.pods.Readiness;
import org.jspecify.annotations.Nullable;

/** Counts a set's nodes. Pure. */
final class DaemonSetStatuses {
  private DaemonSetStatuses() {}

  /** The status to write; of each node its oldest pod counts. */
  static DaemonSet.Status of(DaemonSetPlan.View view, @Nullable Integer collisions) {
    Placement placement = Placement.of(view.set());
    int minReady = view.set().spec().minReadySeconds();
    int desired = 0;
    int current = 0;
    int misscheduled = 0;
    int ready = 0;
    int available = 0;
    int updated = 0;
    for (Node node : view.nodes()) {
      Optional<Pod> pod = view.on(node.metadata().name()).stream().min(DaemonSetPlan.OLDEST_FIRST);
      if (placement.on(node) != Verdict.RUN) {
        misscheduled += pod.isPresent() ? 1 : 0;
        continue;
      }
      desired++;
      if (pod.isPresent()) {
        current++;
        ready += pod.get().ready() ? 1 : 0;
        available += Readiness.available(pod.get(), minReady, view.now()) ? 1 : 0;
        updated += DaemonPods.updated(pod.get(), view.hash()) ? 1 : 0;
      }
    }
    return new DaemonSet.Status(
        current,
        misscheduled,
        desired,
        ready,
        view.set().metadata().generation(),
        updated,
        available,
        desired - available,
        collisions,
        view.set().status().conditions());
  }

  /** When the next ready pod becomes available; empty when none is waiting for its time. */
  static Optional<Duration> recheck(DaemonSetPlan.View view) {
    int minReady = view.set().spec().minReadySeconds();
    return view.pods().values().stream()
        .flatMap(pods -> pods.stream())
        .flatMap(pod -> Readiness.availableAt(pod, minReady).stream())
        .filter(at -> at.isAfter(view.now()))
        .min(Instant::compareTo)
        .map(at -> Duration.between(view.now(), at));
  }
}
