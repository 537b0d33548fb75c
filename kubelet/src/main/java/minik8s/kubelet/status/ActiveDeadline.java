package minik8s.kubelet.status;

import java.time.Instant;
import minik8s.api.Pod;
import org.jspecify.annotations.Nullable;

/** When a pod has run long enough by its own word. Pure. */
public final class ActiveDeadline {
  /** Why a pod failed that ran too long. */
  public static final String REASON = "DeadlineExceeded";

  /** The same for people. */
  public static final String MESSAGE =
      "Pod was active on the node longer than the specified deadline";

  private ActiveDeadline() {}

  /** The moment; null when the pod sets none or was not started yet. */
  public static @Nullable Instant of(Pod pod) {
    Long seconds = pod.spec().activeDeadlineSeconds();
    Instant start = pod.status().startTime();
    return seconds == null || start == null ? null : start.plusSeconds(seconds);
  }

  /** Whether it is past. */
  public static boolean passed(Pod pod, Instant now) {
    Instant deadline = of(pod);
    return deadline != null && !now.isBefore(deadline);
  }
}
