package minik8s.gpu.job;

import java.io.IOException;
import java.util.List;
import minik8s.control.Reconciler.Result;
import minik8s.gpu.GpuJob;
import minik8s.gpu.JobPlace;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.SlurmGateway;

/**
 * Performs what concerns the results of jobs, from the first claim to the last file. Thread-safe.
 */
final class Harvest {
  private final Collector collector;
  private final JobWriter writer;
  private final Attempts attempts;

  Harvest(Collector collector, JobWriter writer, Attempts attempts) {
    this.collector = collector;
    this.writer = writer;
    this.attempts = attempts;
  }

  /** Takes the results folder and begins an attempt. */
  Outcome begin(GpuJob job, Step.Begin begin, ClusterBoard board) throws IOException {
    board.forget(Attempts.token(job));
    attempts.forget(job);
    collector.claim(job);
    GpuJob.Status status = begin.status();
    GpuJob next = new GpuJob(job.metadata(), job.spec(), status);
    GpuJob written =
        writer.write(job, StatusDraft.of(next).results(collector.url(job.key()), List.of()).done());
    writer.tell(written, begin.event());
    return new Outcome.On(written);
  }

  /** Brings the output so far. */
  Outcome peek(GpuJob job, Step.Peek peek, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException, IOException {
    attempts.of(job).peekedAt = writer.now();
    return new Outcome.On(
        writer.write(job, collector.peek(job, peek.place(), peek.settings(), gateway)));
  }

  /** Brings all results, then writes the end. */
  Outcome collect(GpuJob job, Step.Collect collect, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException, IOException {
    GpuJob.Status status =
        collector.collect(job, collect.place(), collect.settings(), collect.status(), gateway);
    GpuJob written = writer.write(job, status);
    writer.tell(
        written,
        new Step.Note(
            false, "Collected", status.results().size() + " files at " + status.resultsURL()));
    writer.tell(written, collect.event());
    return new Outcome.On(written);
  }

  /** Removes what is left on the cluster and among the results, then lets the object go. */
  Outcome clear(GpuJob job, Step.Clear clear, ClusterBoard board)
      throws RemoteFailure, InterruptedException, IOException {
    JobPlace place = clear.place();
    if (place != null) {
      board.reached().remove(place);
    }
    collector.remove(job);
    writer.tell(job, clear.event());
    board.forget(Attempts.token(job));
    attempts.forget(job);
    writer.release(job);
    return new Outcome.Over(Result.DONE);
  }
}
