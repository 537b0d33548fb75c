package minik8s.gpu.job;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import minik8s.api.ApiException;
import minik8s.api.ObjectKey;
import minik8s.client.Api;
import minik8s.client.informer.Lister;
import minik8s.control.Backoff;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.job.View.Submitting;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;

/**
 * Takes the steps that {@link GpuJobPlan} says, one job on one virtual thread at a time.
 * Thread-safe.
 */
public final class GpuJobReconciler implements Reconciler {
  /** More steps than any job takes at a stretch. */
  private static final int MOST_STEPS = 40;

  private final Lister<GpuJob> jobs;
  private final Lister<SlurmCluster> clusters;
  private final Boards boards;
  private final ClusterReconciler upkeep;
  private final Consumer<ObjectKey> wakeCluster;
  private final JobWriter writer;
  private final Attempts attempts = new Attempts();
  private final Backoff<ObjectKey> backoff =
      new Backoff<>(Duration.ofSeconds(2), Duration.ofMinutes(1));
  private final Preparation preparation;
  private final Submissions submissions;
  private final Harvest harvest;

  GpuJobReconciler(
      Api api,
      Lister<GpuJob> jobs,
      Lister<SlurmCluster> clusters,
      Boards boards,
      ClusterReconciler upkeep,
      Consumer<ObjectKey> wakeCluster,
      SourceFiles sources,
      Collector collector,
      EventRecorder events,
      JobMetrics metrics,
      Timers timers) {
    this.jobs = jobs;
    this.clusters = clusters;
    this.boards = boards;
    this.upkeep = upkeep;
    this.wakeCluster = wakeCluster;
    writer = new JobWriter(api, events, metrics, timers);
    preparation = new Preparation(sources, collector, writer, backoff);
    submissions = new Submissions(writer, attempts, collector, metrics, backoff, timers);
    harvest = new Harvest(collector, writer, attempts);
  }

  @Override
  public Result reconcile(ObjectKey key) throws InterruptedException, IOException {
    Optional<GpuJob> found = jobs.get(key);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    GpuJob job = found.get();
    ClusterBoard board = boards.of(job.spec().clusterName());
    try {
      for (int i = 0; i < MOST_STEPS; i++) {
        follow(job, board);
        View view = view(job, board);
        switch (perform(job, GpuJobPlan.next(view), view, board)) {
          case Outcome.On on -> job = on.job();
          case Outcome.Over done -> {
            return done.result();
          }
        }
      }
      return Result.after(Duration.ofSeconds(1));
    } catch (RemoteFailure e) {
      return failed(job, e);
    }
  }

  /** Keeps the board's list of live jobs in step with the statuses. */
  private void follow(GpuJob job, ClusterBoard board) {
    GpuJob.Status status = job.status();
    GpuJob.Submission submission = status.submission();
    boolean fresh = false;
    if (submission != null && !status.jobId().isEmpty() && !status.current().terminal()) {
      ClusterBoard.Followed followed =
          new ClusterBoard.Followed(
              job.key(), submission.name(), status.jobId(), status.submitTime());
      fresh = board.follow(Attempts.token(job), followed);
    } else if (status.current() == Phase.Compiling) {
      fresh = board.awaitCompiled(Attempts.token(job), job.key());
    } else if (status.current().terminal()) {
      board.forget(Attempts.token(job));
    }
    if (fresh) {
      wakeCluster.accept(ObjectKey.cluster(job.spec().clusterName()));
    }
  }

  private View view(GpuJob job, ClusterBoard board) {
    ClusterBoard.Heard heard = board.heard(Attempts.token(job));
    Attempts.Memory memory = attempts.of(job);
    View.Link link = board.link();
    if (!link.ready()) {
      upkeep.wakeWhenReached(job.spec().clusterName(), job.key());
      wakeCluster.accept(ObjectKey.cluster(job.spec().clusterName()));
    }
    return new View(
        job,
        clusters.get(ObjectKey.cluster(job.spec().clusterName())).orElse(null),
        link,
        heard.report(),
        heard.marks(),
        heard.markedAt(),
        heard.silentPolls(),
        memory.submitting,
        memory.peekedAt,
        writer.now());
  }

  private Outcome perform(GpuJob job, Step step, View view, ClusterBoard board)
      throws RemoteFailure, InterruptedException, IOException {
    return switch (step) {
      case Step.Rest _ -> {
        attempts.forget(job);
        yield new Outcome.Over(Result.DONE);
      }
      case Step.Wait wait -> Outcome.over(wait.delay());
      case Step.Hold _ -> new Outcome.On(writer.hold(job));
      case Step.Show show -> show(job, show);
      case Step.Begin begin -> harvest.begin(job, begin, board);
      case Step.Upload upload -> preparation.upload(job, upload, board.reached());
      case Step.Compile compile -> preparation.compile(job, compile.place(), view, board.reached());
      case Step.ReadCompiled read -> preparation.compiled(job, read.place(), board.reached());
      case Step.Submit submit -> submissions.submit(job, submit.place(), board);
      case Step.Search search -> submissions.search(job, search, board.reached());
      case Step.Cancel cancel -> cancel(job, cancel, board);
      case Step.Forbid forbid -> submissions.forbid(job, forbid, board.reached());
      case Step.Peek peek -> harvest.peek(job, peek, board.reached());
      case Step.Collect collect -> harvest.collect(job, collect, board.reached());
      case Step.Clear clear -> harvest.clear(job, clear, board);
      case Step.Expire _ -> {
        writer.expire(job);
        yield new Outcome.Over(Result.DONE);
      }
    };
  }

  private Outcome show(GpuJob job, Step.Show show) throws IOException, InterruptedException {
    GpuJob.Status status = show.status();
    boolean intends = job.status().submission() == null && status.submission() != null;
    GpuJob written = writer.write(job, status);
    if (intends) {
      attempts.of(written).submitting = Submitting.INTENDED_HERE;
    }
    writer.tell(written, show.event());
    return new Outcome.On(written);
  }

  private Outcome cancel(GpuJob job, Step.Cancel cancel, ClusterBoard board)
      throws RemoteFailure, InterruptedException {
    try {
      board.reached().cancel(cancel.jobId());
    } catch (RemoteFailure e) {
      writer.tell(
          job,
          new Step.Note(true, "CouldNotCancel", "scancel " + cancel.jobId() + ": " + e.sentence()));
      throw e;
    }
    board.hurry(Attempts.token(job));
    GpuJob written = writer.write(job, cancel.status());
    writer.tell(written, cancel.event());
    wakeCluster.accept(ObjectKey.cluster(job.spec().clusterName()));
    return new Outcome.On(written);
  }

  private Result failed(GpuJob job, RemoteFailure e) {
    Duration pause = backoff.next(job.key());
    if (e.is(Kind.UNREACHABLE) || e.is(Kind.TIMED_OUT)) {
      wakeCluster.accept(ObjectKey.cluster(job.spec().clusterName()));
    }
    GpuJob current = jobs.get(job.key()).filter(seen -> seen.uid().equals(job.uid())).orElse(job);
    boolean passing = e.is(Kind.UNREACHABLE) && backoff.failures(job.key()) < 3;
    if (!passing
        && !current.status().current().terminal()
        && !current.status().reason().equals(e.kind().reason())) {
      try {
        writer.waitFor(current, e.kind().reason(), e.sentence(), pause);
      } catch (ApiException conflict) {
        if (!conflict.conflict() && !conflict.notFound()) {
          throw conflict;
        }
      }
    }
    return Result.after(pause);
  }
}
