package minik8s.gpu.job;

import java.time.Duration;
import minik8s.gpu.GpuJob;

/** Waiting for something that a user or the cluster must change. Pure. */
final class WaitPlan {
  /** When to look again at what nobody tells. */
  static final Duration SOON = Duration.ofSeconds(5);

  private WaitPlan() {}

  /** Says why it waits, once, and waits. */
  static Step because(View view, String reason, String message, String advice) {
    GpuJob.Status status = view.job().status();
    if (status.reason().equals(reason) && status.message().equals(message)) {
      return new Step.Wait(SOON);
    }
    boolean quiet = reason.equals("Connecting");
    return quiet && !status.reason().isEmpty()
        ? new Step.Wait(SOON)
        : new Step.Show(
            view.draft().because(reason, message, advice).done(),
            quiet ? null : new Step.Note(true, reason, message));
  }
}
