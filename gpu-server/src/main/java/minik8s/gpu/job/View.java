package minik8s.gpu.job;

import java.time.Instant;
import minik8s.gpu.GpuJob;
import minik8s.gpu.JobPlace;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.Marks;
import org.jspecify.annotations.Nullable;

/**
 * All that a plan looks at. Immutable.
 *
 * @param cluster null when there is none of that name
 * @param report what Slurm last said of the current submission; null when nothing
 * @param markedAt when the end of the script was first seen; null while it was not
 * @param silentPolls polls in a row in which Slurm said nothing of the submission
 * @param peekedAt when the output was last brought; null for never
 */
record View(
    GpuJob job,
    @Nullable SlurmCluster cluster,
    Link link,
    @Nullable JobReport report,
    Marks marks,
    @Nullable Instant markedAt,
    int silentPolls,
    Submitting submitting,
    @Nullable Instant peekedAt,
    Instant now) {

  /** Where the present attempt lives on the cluster. */
  JobPlace place() {
    return JobPlace.of(link.base(), job, Math.max(1, job.status().attempt()));
  }

  /** The status as it is, to be changed. */
  StatusDraft draft() {
    return StatusDraft.of(job);
  }

  /** Whether the job may be in Slurm. */
  boolean submitted() {
    return job.status().submission() != null;
  }

  /** Whether the user does not want it in Slurm now. */
  boolean unwanted() {
    return job.spec().cancelled() || job.spec().suspend();
  }

  /**
   * Whether the cluster can be used.
   *
   * @param base its base directory; empty until the first connection
   * @param reason why it can't be used; empty when it can
   * @param live how many jobs are followed there
   */
  record Link(String base, int userId, String reason, String message, int live) {
    boolean ready() {
      return reason.isEmpty() && !base.isEmpty();
    }
  }

  /** What this process knows of the submission that the status intends. */
  enum Submitting {
    /** The intent is our own and fresh: submit. */
    INTENDED_HERE,
    /** Nothing, or that an attempt ended in doubt: search first. */
    UNKNOWN,
    /** A search that came after everything else found nothing: submit. */
    SEARCHED
  }
}
