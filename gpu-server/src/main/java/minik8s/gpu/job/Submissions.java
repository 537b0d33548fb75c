package minik8s.gpu.job;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import minik8s.api.ObjectKey;
import minik8s.control.Backoff;
import minik8s.control.Timers;
import minik8s.gpu.GpuJob;
import minik8s.gpu.JobPlace;
import minik8s.gpu.job.View.Submitting;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import minik8s.gpu.slurm.SlurmGateway;
import minik8s.gpu.slurm.SubmitAnswer;

/** Performs submissions, and finds out about those that ended in doubt. Thread-safe. */
final class Submissions {
  private final JobWriter writer;
  private final Attempts attempts;
  private final Collector collector;
  private final JobMetrics metrics;
  private final Backoff<ObjectKey> backoff;
  private final Timers timers;

  Submissions(
      JobWriter writer,
      Attempts attempts,
      Collector collector,
      JobMetrics metrics,
      Backoff<ObjectKey> backoff,
      Timers timers) {
    this.writer = writer;
    this.attempts = attempts;
    this.collector = collector;
    this.metrics = metrics;
    this.backoff = backoff;
    this.timers = timers;
  }

  /** Asks Slurm to take the job; the intent is in the status. */
  Outcome submit(GpuJob job, JobPlace place, ClusterBoard board)
      throws RemoteFailure, InterruptedException, IOException {
    Duration pause = board.submissionPause(timers.clock().instant());
    if (!pause.isZero()) {
      return Outcome.over(pause);
    }
    Attempts.Memory memory = attempts.of(job);
    memory.submitting = Submitting.UNKNOWN;
    SubmitAnswer answer = board.reached().submit(place);
    metrics.submission(answer.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    return switch (answer) {
      case SubmitAnswer.Accepted accepted -> {
        board.submissionsWork();
        yield accepted(job, accepted.jobId());
      }
      case SubmitAnswer.Refused refused -> refused(job, refused);
      case SubmitAnswer.Unavailable unavailable -> {
        board.reached().unlock(place);
        board.submissionsFail(timers.clock().instant());
        memory.submitting = Submitting.SEARCHED;
        yield writer.waitFor(
            job,
            Kind.SLURM_UNAVAILABLE.reason(),
            "Slurm can't take the job now: " + unavailable.message(),
            board.submissionPause(timers.clock().instant()));
      }
      case SubmitAnswer.Doubtful doubtful -> doubt(job, place, memory, doubtful.message(), board);
    };
  }

  private Outcome accepted(GpuJob job, String jobId) {
    GpuJob written = writer.write(job, GpuJobStatuses.accepted(job, jobId, writer.now()));
    writer.tell(written, new Step.Note(false, "Submitted", "Slurm job " + jobId));
    backoff.reset(job.key());
    return new Outcome.On(written);
  }

  private Outcome refused(GpuJob job, SubmitAnswer.Refused refused)
      throws IOException, InterruptedException {
    End end = End.before(refused.reason(), refused.message(), refused.advice());
    GpuJob.Status status = GpuJobStatuses.ended(job, end, null, writer.now()).done();
    GpuJob written = writer.write(job, collector.page(job, status));
    writer.tell(
        written,
        new Step.Note(true, refused.reason(), refused.message() + ". " + refused.advice()));
    return new Outcome.On(written);
  }

  /** Long after a submission that left a lock and no job, there is none: the lock may go. */
  private Outcome doubt(
      GpuJob job, JobPlace place, Attempts.Memory memory, String message, ClusterBoard board)
      throws RemoteFailure, InterruptedException {
    Instant now = timers.clock().instant();
    Instant since = memory.doubtSince;
    if (since == null) {
      memory.doubtSince = now;
    } else if (now.isAfter(since.plus(SubmissionPlan.LIMIT))) {
      // One more search must come between the end of the doubt and the next attempt.
      Optional<JobReport> found = board.reached().find(place, since.minus(Duration.ofHours(1)));
      if (found.isPresent()) {
        return accepted(job, found.get().jobId());
      }
      board.reached().unlock(place);
      memory.doubtSince = null;
      return Outcome.over(Duration.ofMillis(10));
    }
    return writer.waitFor(
        job,
        "SubmissionInDoubt",
        "whether Slurm has the job is not known yet: " + message,
        Duration.ofSeconds(2));
  }

  /** Looks for the job by its name. */
  Outcome search(GpuJob job, Step.Search search, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    Optional<JobReport> found = gateway.find(search.place(), search.since());
    if (found.isPresent()) {
      String told = "Slurm job " + found.get().jobId() + " was submitted before";
      writer.tell(job, new Step.Note(false, "Found", told));
      return accepted(job, found.get().jobId());
    }
    attempts.of(job).submitting = Submitting.SEARCHED;
    return new Outcome.On(job);
  }

  /** Makes sure that nobody submits the job any more. */
  Outcome forbid(GpuJob job, Step.Forbid forbid, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    Attempts.Memory memory = attempts.of(job);
    if (!gateway.lock(forbid.place())) {
      Instant now = timers.clock().instant();
      Instant since = memory.doubtSince == null ? now : memory.doubtSince;
      memory.doubtSince = since;
      memory.submitting = Submitting.UNKNOWN;
      if (!now.isAfter(since.plus(SubmissionPlan.LIMIT))) {
        return Outcome.over(Duration.ofSeconds(2));
      }
    }
    return new Outcome.On(writer.write(job, forbid.status()));
  }
}
