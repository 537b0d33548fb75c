package minik8s.controller.pods;

import java.time.Instant;
import java.util.Optional;
import minik8s.api.Condition;
import minik8s.api.Pod;

/** When a pod counts as ready and as available. Pure. */
public final class Readiness {
  private Readiness() {}

  /** Since when the pod has been ready; empty while it is not. */
  public static Optional<Instant> since(Pod pod) {
    Condition ready = Condition.find(pod.status().conditions(), "Ready");
    return ready == null || !ready.isTrue()
        ? Optional.empty()
        : Optional.of(
            ready.lastTransitionTime() == null ? Instant.EPOCH : ready.lastTransitionTime());
  }

  /** When a ready pod becomes, or became, available; empty while it is not ready. */
  public static Optional<Instant> availableAt(Pod pod, int minReadySeconds) {
    return since(pod)
        .map(since -> minReadySeconds == 0 ? Instant.EPOCH : since.plusSeconds(minReadySeconds));
  }

  public static boolean available(Pod pod, int minReadySeconds, Instant now) {
    return availableAt(pod, minReadySeconds).filter(at -> !at.isAfter(now)).isPresent();
  }
}
