package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import minik8s.gpu.GpuJob;
import minik8s.gpu.JobPlace;
import minik8s.gpu.JobSettings;
import org.jspecify.annotations.Nullable;

/** What to do next for one job. */
sealed interface Step {
  /** Nothing, until something changes. */
  record Rest() implements Step {}

  /** Nothing for this long. */
  record Wait(Duration delay) implements Step {}

  /** Put the finalizer on the object. */
  record Hold() implements Step {}

  /**
   * Write this status; go on from there.
   *
   * @param event what to tell people; null for nothing
   */
  record Show(GpuJob.Status status, @Nullable Note event) implements Step {}

  /** An event. */
  record Note(boolean warning, String reason, String message) {}

  /** Take the results folder, then write the status of a new attempt. */
  record Begin(GpuJob.Status status, Note event) implements Step {}

  /** Bring the files and scripts to the cluster. */
  record Upload(JobPlace place, JobSettings settings) implements Step {}

  /** Start the compilation on the login host. */
  record Compile(JobPlace place) implements Step {}

  /** Read how the compilation ended. */
  record ReadCompiled(JobPlace place) implements Step {}

  /** Ask Slurm to take the job; the intent is in the status. */
  record Submit(JobPlace place) implements Step {}

  /** Look for the job by its name. */
  record Search(JobPlace place, Instant since) implements Step {}

  /** Cancel the job, then write this status. */
  record Cancel(String jobId, GpuJob.Status status, Note event) implements Step {}

  /** Make sure that nobody submits the job any more, then write this status. */
  record Forbid(JobPlace place, GpuJob.Status status) implements Step {}

  /** Bring the output so far. */
  record Peek(JobPlace place, JobSettings settings) implements Step {}

  /** Bring all results, then write the end. */
  record Collect(JobPlace place, JobSettings settings, GpuJob.Status status, Note event)
      implements Step {}

  /** Remove what is left on the cluster and among the results, then the finalizer. */
  record Clear(@Nullable JobPlace place, @Nullable Note event) implements Step {}

  /** Delete the object, whose time is over. */
  record Expire() implements Step {}
}
