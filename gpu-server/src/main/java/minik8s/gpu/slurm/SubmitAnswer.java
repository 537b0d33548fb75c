package minik8s.gpu.slurm;

/** How an attempt to submit ended. */
public sealed interface SubmitAnswer {
  /** The job is in the queue under this number, now or since an earlier attempt. */
  record Accepted(String jobId) implements SubmitAnswer {}

  /**
   * Slurm will not have it, and asking again changes nothing.
   *
   * @param reason one word, such as {@code InvalidPartition}
   * @param message what Slurm said
   * @param advice what the user can do
   */
  record Refused(String reason, String message, String advice) implements SubmitAnswer {}

  /** Slurm could not be asked, and for sure nothing was submitted; later perhaps. */
  record Unavailable(String message) implements SubmitAnswer {}

  /** Somebody submits at this moment, or died while at it: look for the job, then decide. */
  record Doubtful(String message) implements SubmitAnswer {}
}
