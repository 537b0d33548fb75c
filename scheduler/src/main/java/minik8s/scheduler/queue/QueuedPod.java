package minik8s.scheduler.queue;

import java.time.Instant;
import minik8s.scheduler.framework.Cure;
import minik8s.scheduler.framework.PodView;

/**
 * A pod without a node and how it fared so far. Immutable.
 *
 * @param order of arrival; unique
 * @param arrived when the pod was first seen
 * @param attempts how often a node was sought
 * @param failedAt when that last failed; the epoch before the first attempt
 * @param cure what may help after the last rejection
 */
public record QueuedPod(
    PodView pod, long order, Instant arrived, int attempts, Instant failedAt, Cure cure) {
  /** The same pod in a newer revision. */
  public QueuedPod with(PodView newer) {
    return new QueuedPod(newer, order, arrived, attempts, failedAt, cure);
  }

  /** After one more failed attempt. */
  QueuedPod failed(Cure mayHelp, Instant now) {
    return new QueuedPod(pod, order, arrived, attempts + 1, now, mayHelp);
  }

  String id() {
    return pod.id();
  }
}
