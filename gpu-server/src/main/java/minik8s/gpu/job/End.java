package minik8s.gpu.job;

import minik8s.gpu.GpuJob;
import org.jspecify.annotations.Nullable;

/**
 * How a job ended, in words for people. Immutable.
 *
 * @param state Slurm's state; empty when the job never reached Slurm
 */
record End(
    GpuJob.Phase phase,
    String state,
    String reason,
    String message,
    String advice,
    @Nullable Integer exitCode,
    @Nullable Integer signal) {

  /** An end before Slurm had the job. */
  static End before(String reason, String message, String advice) {
    return new End(GpuJob.Phase.Failed, "", reason, message, advice, null, null);
  }

  /** What to tell people of it. */
  Step.Note note() {
    String told = advice.isEmpty() ? message : message + ". " + advice;
    return new Step.Note(phase != GpuJob.Phase.Succeeded, reason, told);
  }
}
