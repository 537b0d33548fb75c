package minik8s.gpu.job;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import minik8s.api.ApiException;
import minik8s.api.ObjectKey;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Lister;
import minik8s.control.Backoff;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.GpuResources;
import minik8s.gpu.JobPlace;
import minik8s.gpu.JobSettings;
import minik8s.gpu.SbatchScript;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.job.View.Submitting;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import minik8s.gpu.slurm.SlurmGateway;
import minik8s.gpu.slurm.SubmitAnswer;
import minik8s.gpu.slurm.UploadFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the steps that {@link GpuJobPlan} says, one job on one virtual thread at a time.
 * Thread-safe. What it remembers may be lost at any moment: it only spares questions to Slurm.
 */
public final class GpuJobReconciler implements Reconciler {
  /** More steps than any job takes at a stretch. */
  private static final int MOST_STEPS = 40;

  private final Api api;
  private final Lister<GpuJob> jobs;
  private final Lister<SlurmCluster> clusters;
  private final Boards boards;
  private final ClusterReconciler upkeep;
  private final Consumer<ObjectKey> wakeCluster;
  private final SourceFiles sources;
  private final Collector collector;
  private final EventRecorder events;
  private final JobMetrics metrics;
  private final Timers timers;
  private final Backoff<ObjectKey> backoff =
      new Backoff<>(Duration.ofSeconds(2), Duration.ofMinutes(1));
  private final Map<String, Memory> memories = new ConcurrentHashMap<>();

  /** What this process remembers of a submission. Confined to the job's worker. */
  private static final class Memory {
    Submitting submitting = Submitting.UNKNOWN;
    @Nullable Instant doubtSince;
    @Nullable Instant peekedAt;
  }

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
    this.api = api;
    this.jobs = jobs;
    this.clusters = clusters;
    this.boards = boards;
    this.upkeep = upkeep;
    this.wakeCluster = wakeCluster;
    this.sources = sources;
    this.collector = collector;
    this.events = events;
    this.metrics = metrics;
    this.timers = timers;
  }

  private Instant now() {
    return timers.clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** The cut that a step makes in the work on a job: its new state, or the end for now. */
  private sealed interface Outcome {
    record On(GpuJob job) implements Outcome {}

    record Over(Result result) implements Outcome {}
  }

  private static Outcome over(Duration delay) {
    return new Outcome.Over(Result.after(delay));
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

  private static String token(GpuJob job) {
    return job.uid() + "-" + Math.max(1, job.status().attempt());
  }

  private Memory memory(GpuJob job) {
    return memories.computeIfAbsent(token(job), _ -> new Memory());
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
      fresh = board.follow(token(job), followed);
    } else if (status.current() == Phase.Compiling) {
      fresh = board.awaitCompiled(token(job), job.key());
    } else if (status.current().terminal()) {
      board.forget(token(job));
    }
    if (fresh) {
      wakeCluster.accept(ObjectKey.cluster(job.spec().clusterName()));
    }
  }

  private View view(GpuJob job, ClusterBoard board) {
    ClusterBoard.Heard heard = board.heard(token(job));
    Memory memory = memory(job);
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
        now());
  }

  private Outcome perform(GpuJob job, Step step, View view, ClusterBoard board)
      throws RemoteFailure, InterruptedException, IOException {
    return switch (step) {
      case Step.Rest _ -> {
        memories.remove(token(job));
        yield new Outcome.Over(Result.DONE);
      }
      case Step.Wait wait -> over(wait.delay());
      case Step.Hold _ -> hold(job);
      case Step.Show show -> show(job, show);
      case Step.Begin begin -> begin(job, begin, board);
      case Step.Upload upload -> upload(job, upload, gateway(board));
      case Step.Compile compile -> compile(job, compile.place(), view, gateway(board));
      case Step.ReadCompiled read -> compiled(job, read.place(), gateway(board));
      case Step.Submit submit -> submit(job, submit.place(), board);
      case Step.Search search -> search(job, search, gateway(board));
      case Step.Cancel cancel -> cancel(job, cancel, board);
      case Step.Forbid forbid -> forbid(job, forbid, gateway(board));
      case Step.Peek peek -> peek(job, peek, gateway(board));
      case Step.Collect collect -> collect(job, collect, gateway(board));
      case Step.Clear clear -> clear(job, clear, board);
      case Step.Expire _ -> {
        events.normal(GpuResources.GPU_JOBS, job, "Expired", "ttlSecondsAfterFinished is over");
        api.delete(GpuResources.GPU_JOBS, job.key(), DeleteOptions.ofUid(job.uid()));
        yield new Outcome.Over(Result.DONE);
      }
    };
  }

  private static SlurmGateway gateway(ClusterBoard board) throws RemoteFailure {
    return board
        .gateway()
        .orElseThrow(() -> new RemoteFailure(Kind.UNREACHABLE, "the cluster is not reached yet"));
  }

  private Outcome hold(GpuJob job) {
    ObjectNode patch = StatusPatches.guarded(job);
    ArrayNode list = patch.withObject("metadata").putArray("finalizers");
    job.metadata().finalizers().forEach(list::add);
    list.add(GpuJob.FINALIZER);
    return new Outcome.On(api.patch(GpuResources.GPU_JOBS, job.key(), "", PatchType.MERGE, patch));
  }

  private GpuJob write(GpuJob job, GpuJob.Status status) {
    if (status.equals(job.status())) {
      return job;
    }
    GpuJob written =
        api.patch(
            GpuResources.GPU_JOBS,
            job.key(),
            "status",
            PatchType.MERGE,
            StatusPatches.between(job, job.status(), status));
    if (status.current().terminal() && !job.status().current().terminal()) {
      metrics.ended(status.current().name(), status.reason());
    }
    Instant submitted = status.submitTime();
    Instant started = status.startTime();
    if (job.status().startTime() == null && submitted != null && started != null) {
      metrics.queued(Duration.between(submitted, started));
    }
    return written;
  }

  private void tell(GpuJob job, Step.@Nullable Note note) {
    if (note == null) {
      return;
    }
    if (note.warning()) {
      events.warning(GpuResources.GPU_JOBS, job, note.reason(), note.message());
    } else {
      events.normal(GpuResources.GPU_JOBS, job, note.reason(), note.message());
    }
  }

  private Outcome show(GpuJob job, Step.Show show) throws IOException, InterruptedException {
    GpuJob.Status status = show.status();
    boolean intends = job.status().submission() == null && status.submission() != null;
    GpuJob written = write(job, status);
    if (intends) {
      memory(written).submitting = Submitting.INTENDED_HERE;
    }
    tell(written, show.event());
    return new Outcome.On(written);
  }

  private Outcome begin(GpuJob job, Step.Begin begin, ClusterBoard board) throws IOException {
    board.forget(token(job));
    memories.remove(token(job));
    collector.claim(job);
    GpuJob.Status status = begin.status();
    GpuJob next = new GpuJob(job.metadata(), job.spec(), status);
    GpuJob written =
        write(job, StatusDraft.of(next).results(collector.url(job.key()), List.of()).done());
    tell(written, begin.event());
    return new Outcome.On(written);
  }

  private Outcome upload(GpuJob job, Step.Upload upload, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    JobSettings settings = upload.settings();
    List<UploadFile> files;
    try {
      files = sources.of(job);
    } catch (SourceFiles.Problem e) {
      String message = String.valueOf(e.getMessage());
      if (e.passing()) {
        return waitFor(job, "SourceNotFound", message, Duration.ofSeconds(10));
      }
      End end = End.before("InvalidSpec", message, "Correct the fields and create the job again.");
      return new Outcome.On(write(job, GpuJobStatuses.ended(job, end, null, now()).done()));
    }
    gateway.upload(upload.place(), files, directories(settings));
    gateway.write(upload.place(), "job.sh", SbatchScript.render(settings, upload.place()));
    if (settings.compilesOnLogin()) {
      gateway.write(upload.place(), "compile.sh", SbatchScript.compile(settings, upload.place()));
    }
    GpuJob written =
        write(job, GpuJobStatuses.uploaded(job, files, settings.compilesOnLogin(), now()));
    tell(
        written,
        new Step.Note(
            false, "Uploaded", files.size() + " files are on the cluster, checksums verified"));
    backoff.reset(job.key());
    return new Outcome.On(written);
  }

  private static List<String> directories(JobSettings settings) {
    return List.of(settings.output(), settings.error()).stream()
        .filter(name -> name.indexOf('/') > 0)
        .map(name -> name.substring(0, name.lastIndexOf('/')))
        .filter(Wanted::plain)
        .distinct()
        .toList();
  }

  private Outcome compile(GpuJob job, JobPlace place, View view, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    SlurmCluster cluster = view.cluster();
    Duration limit = cluster == null ? Duration.ofMinutes(10) : cluster.spec().compileLimit();
    gateway.compile(place, Math.toIntExact(Math.max(1, limit.toSeconds())));
    GpuJob written = write(job, GpuJobStatuses.compiling(job, now()));
    tell(written, new Step.Note(false, "Compiling", "On the login host"));
    return new Outcome.On(written);
  }

  private Outcome compiled(GpuJob job, JobPlace place, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException, IOException {
    Optional<Integer> code = gateway.compiled(place);
    if (code.isEmpty()) {
      return over(Duration.ofSeconds(1));
    }
    String log = collector.log(job, place, gateway);
    if (code.get() == 0) {
      GpuJob written = write(job, GpuJobStatuses.compiled(job, now()));
      tell(written, new Step.Note(false, "Compiled", "On the login host"));
      return new Outcome.On(written);
    }
    End end = GpuJobStatuses.notCompiled(code.get());
    String tail = Collector.whole(log.substring(Math.max(0, log.length() - 2048)));
    StatusDraft draft = GpuJobStatuses.ended(job, end, null, now());
    GpuJob.Status status =
        draft
            .tails("", tail)
            .condition("Compiled", false, end.reason(), end.message(), now())
            .done();
    GpuJob written = write(job, collector.page(job, status));
    tell(written, new Step.Note(true, end.reason(), end.message() + ". " + end.advice()));
    return new Outcome.On(written);
  }

  private Outcome submit(GpuJob job, JobPlace place, ClusterBoard board)
      throws RemoteFailure, InterruptedException, IOException {
    Duration pause = board.submissionPause(timers.clock().instant());
    if (!pause.isZero()) {
      return over(pause);
    }
    Memory memory = memory(job);
    memory.submitting = Submitting.UNKNOWN;
    SubmitAnswer answer = gateway(board).submit(place);
    metrics.submission(answer.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
    return switch (answer) {
      case SubmitAnswer.Accepted accepted -> {
        board.submissionsWork();
        yield accepted(job, accepted.jobId());
      }
      case SubmitAnswer.Refused refused -> refused(job, refused);
      case SubmitAnswer.Unavailable unavailable -> {
        gateway(board).unlock(place);
        board.submissionsFail(timers.clock().instant());
        memory.submitting = Submitting.SEARCHED;
        yield waitFor(
            job,
            Kind.SLURM_UNAVAILABLE.reason(),
            "Slurm can't take the job now: " + unavailable.message(),
            board.submissionPause(timers.clock().instant()));
      }
      case SubmitAnswer.Doubtful doubtful -> doubt(job, place, memory, doubtful.message(), board);
    };
  }

  private Outcome accepted(GpuJob job, String jobId) {
    GpuJob written = write(job, GpuJobStatuses.accepted(job, jobId, now()));
    tell(written, new Step.Note(false, "Submitted", "Slurm job " + jobId));
    backoff.reset(job.key());
    return new Outcome.On(written);
  }

  private Outcome refused(GpuJob job, SubmitAnswer.Refused refused)
      throws IOException, InterruptedException {
    End end = End.before(refused.reason(), refused.message(), refused.advice());
    GpuJob.Status status = GpuJobStatuses.ended(job, end, null, now()).done();
    GpuJob written = write(job, collector.page(job, status));
    tell(
        written,
        new Step.Note(true, refused.reason(), refused.message() + ". " + refused.advice()));
    return new Outcome.On(written);
  }

  /** Long after a submission that left a lock and no job, there is none: the lock may go. */
  private Outcome doubt(
      GpuJob job, JobPlace place, Memory memory, String message, ClusterBoard board)
      throws RemoteFailure, InterruptedException {
    Instant now = timers.clock().instant();
    Instant since = memory.doubtSince;
    if (since == null) {
      memory.doubtSince = now;
    } else if (now.isAfter(since.plus(GpuJobPlan.SUBMISSION_LIMIT))) {
      // One more search must come between the end of the doubt and the next attempt.
      Optional<JobReport> found = gateway(board).find(place, since.minus(Duration.ofHours(1)));
      if (found.isPresent()) {
        return accepted(job, found.get().jobId());
      }
      gateway(board).unlock(place);
      memory.doubtSince = null;
      return over(Duration.ofMillis(10));
    }
    return waitFor(
        job,
        "SubmissionInDoubt",
        "whether Slurm has the job is not known yet: " + message,
        Duration.ofSeconds(2));
  }

  private Outcome search(GpuJob job, Step.Search search, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    Optional<JobReport> found = gateway.find(search.place(), search.since());
    if (found.isPresent()) {
      events.normal(
          GpuResources.GPU_JOBS,
          job,
          "Found",
          "Slurm job " + found.get().jobId() + " was submitted before");
      return accepted(job, found.get().jobId());
    }
    memory(job).submitting = Submitting.SEARCHED;
    return new Outcome.On(job);
  }

  private Outcome cancel(GpuJob job, Step.Cancel cancel, ClusterBoard board)
      throws RemoteFailure, InterruptedException {
    try {
      gateway(board).cancel(cancel.jobId());
    } catch (RemoteFailure e) {
      tell(
          job,
          new Step.Note(true, "CouldNotCancel", "scancel " + cancel.jobId() + ": " + e.sentence()));
      throw e;
    }
    board.hurry(token(job));
    GpuJob written = write(job, cancel.status());
    tell(written, cancel.event());
    wakeCluster.accept(ObjectKey.cluster(job.spec().clusterName()));
    return new Outcome.On(written);
  }

  private Outcome forbid(GpuJob job, Step.Forbid forbid, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    Memory memory = memory(job);
    if (!gateway.lock(forbid.place())) {
      Instant now = timers.clock().instant();
      Instant since = memory.doubtSince == null ? now : memory.doubtSince;
      memory.doubtSince = since;
      memory.submitting = Submitting.UNKNOWN;
      if (!now.isAfter(since.plus(GpuJobPlan.SUBMISSION_LIMIT))) {
        return over(Duration.ofSeconds(2));
      }
    }
    return new Outcome.On(write(job, forbid.status()));
  }

  private Outcome peek(GpuJob job, Step.Peek peek, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException, IOException {
    memory(job).peekedAt = now();
    return new Outcome.On(write(job, collector.peek(job, peek.place(), peek.settings(), gateway)));
  }

  private Outcome collect(GpuJob job, Step.Collect collect, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException, IOException {
    GpuJob.Status status =
        collector.collect(job, collect.place(), collect.settings(), collect.status(), gateway);
    GpuJob written = write(job, status);
    tell(
        written,
        new Step.Note(
            false, "Collected", status.results().size() + " files at " + status.resultsURL()));
    tell(written, collect.event());
    return new Outcome.On(written);
  }

  private Outcome clear(GpuJob job, Step.Clear clear, ClusterBoard board)
      throws RemoteFailure, InterruptedException, IOException {
    JobPlace place = clear.place();
    if (place != null) {
      gateway(board).remove(place);
    }
    collector.remove(job);
    tell(job, clear.event());
    board.forget(token(job));
    memories.remove(token(job));
    ObjectNode patch = StatusPatches.guarded(job);
    ArrayNode list = patch.withObject("metadata").putArray("finalizers");
    job.metadata().finalizers().stream()
        .filter(name -> !name.equals(GpuJob.FINALIZER))
        .forEach(list::add);
    try {
      api.patch(GpuResources.GPU_JOBS, job.key(), "", PatchType.MERGE, patch);
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
    return new Outcome.Over(Result.DONE);
  }

  /** Says why it waits, if that is not said yet. */
  private Outcome waitFor(GpuJob job, String reason, String message, Duration delay) {
    if (!job.status().reason().equals(reason)) {
      GpuJob written =
          write(
              job,
              StatusDraft.of(job).because(reason, message, "It is tried again by itself.").done());
      tell(written, new Step.Note(true, reason, message));
    }
    return over(delay);
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
        waitFor(current, e.kind().reason(), e.sentence(), pause);
      } catch (ApiException conflict) {
        if (!conflict.conflict() && !conflict.notFound()) {
          throw conflict;
        }
      }
    }
    return Result.after(pause);
  }
}
