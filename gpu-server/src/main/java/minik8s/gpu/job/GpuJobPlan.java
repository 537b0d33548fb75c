package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.JobCheck;
import minik8s.gpu.JobPlace;
import minik8s.gpu.JobSettings;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.job.View.Submitting;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.JobRow;
import minik8s.gpu.slurm.SlurmState;
import org.jspecify.annotations.Nullable;

/**
 * Says the next step for a job, out of the job and what is known of the cluster. Pure. One use per
 * instance.
 *
 * <p>The order that makes a submission happen once: the intent is in the status before {@link
 * Step.Submit}; a process that did not write it itself searches first; the submission on the
 * cluster takes a lock; and the script does, too.
 */
final class GpuJobPlan {
  /** How long a submission may have been under way when nothing is seen of it. */
  static final Duration SUBMISSION_LIMIT = Duration.ofMinutes(3);

  /** How long accounting may lag behind the end of a script. */
  static final Duration ACCOUNTING_LAG = Duration.ofMinutes(10);

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration PEEK = Duration.ofSeconds(10);

  /** Whatever happens wakes the job; this is for what nobody tells. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final View view;
  private final GpuJob job;
  private final GpuJob.Spec spec;
  private final GpuJob.Status status;
  private final Phase phase;

  private GpuJobPlan(View view) {
    this.view = view;
    this.job = view.job();
    this.spec = job.spec();
    this.status = job.status();
    this.phase = status.current();
  }

  /** The next step. */
  static Step next(View view) {
    GpuJobPlan plan = new GpuJobPlan(view);
    return plan.job.metadata().deleting() ? plan.leave() : plan.go();
  }

  private JobPlace place() {
    return JobPlace.of(view.link().base(), job, Math.max(1, status.attempt()));
  }

  private StatusDraft draft() {
    return StatusDraft.of(job);
  }

  private boolean submitted() {
    return status.submission() != null;
  }

  private Step go() {
    if (phase.terminal()) {
      return rest();
    }
    if (!job.metadata().finalizers().contains(GpuJob.FINALIZER)) {
      return new Step.Hold();
    }
    if (spec.cancelled() && !submitted()) {
      return finish(
          new End(
              Phase.Cancelled,
              "",
              "CancelledOnRequest",
              "the job was cancelled before it was submitted",
              "",
              null,
              null));
    }
    if (spec.suspend() && !submitted()) {
      return phase == Phase.Suspended
          ? new Step.Rest()
          : show(
              draft()
                  .phase(Phase.Suspended)
                  .because("Suspended", "the job waits until spec.suspend is false", "")
                  .condition("Suspended", true, "Suspended", "spec.suspend is true", view.now()),
              "Suspended",
              "Nothing is submitted while spec.suspend is true");
    }
    SlurmCluster cluster = view.cluster();
    if (cluster == null) {
      return waitFor(
          "NoSuchCluster",
          "there is no SlurmCluster " + spec.clusterName(),
          "Create it, or name another in spec.clusterName.");
    }
    return switch (JobCheck.of(job, cluster.spec())) {
      case JobCheck.Outcome.Invalid invalid when !submitted() ->
          finish(
              End.before(
                  "InvalidSpec",
                  String.join("; ", invalid.problems()),
                  "Correct the fields and create the job again."));
      case JobCheck.Outcome.Invalid invalid ->
          waitFor(
              "InvalidSpec",
              String.join("; ", invalid.problems()),
              "Undo the change: the job is with Slurm already.");
      case JobCheck.Outcome.Valid valid ->
          !view.link().ready()
              ? waitFor(
                  view.link().reason().isEmpty() ? "Connecting" : view.link().reason(),
                  view.link().reason().isEmpty()
                      ? "the cluster has not been reached yet"
                      : view.link().message(),
                  view.link().reason().isEmpty()
                      ? ""
                      : "See kubectl describe slurmcluster " + spec.clusterName() + ".")
              : work(valid.settings());
    };
  }

  /** Ended: nothing more, but for the time to live. */
  private Step rest() {
    Integer ttl = spec.ttlSecondsAfterFinished();
    Instant end = status.completionTime();
    if (ttl == null || end == null) {
      return new Step.Rest();
    }
    Duration left = Duration.between(view.now(), end.plusSeconds(ttl));
    return left.isNegative() || left.isZero() ? new Step.Expire() : new Step.Wait(left);
  }

  /** Says why it waits, once, and waits. */
  private Step waitFor(String reason, String message, String advice) {
    if (status.reason().equals(reason) && status.message().equals(message)) {
      return new Step.Wait(SOON);
    }
    boolean quiet = reason.equals("Connecting");
    return quiet && !status.reason().isEmpty()
        ? new Step.Wait(SOON)
        : new Step.Show(
            draft().because(reason, message, advice).done(),
            quiet ? null : new Step.Note(true, reason, message));
  }

  private Step work(JobSettings settings) {
    return switch (phase) {
      case Pending, Suspended ->
          begin(status.attempt() + 1, settings, phase == Phase.Suspended ? "Resumed" : "Accepted");
      case Uploading -> new Step.Upload(place(), settings);
      case Compiling -> compile();
      case Submitting -> submit();
      case Queued, Running, Collecting -> follow(settings);
      case Succeeded, Failed, Cancelled -> new Step.Rest();
    };
  }

  private Step begin(int attempt, JobSettings settings, String word) {
    JobPlace place = JobPlace.of(view.link().base(), job, attempt);
    StatusDraft draft =
        draft()
            .attempt(attempt, place.directory())
            .phase(Phase.Uploading)
            .because("Uploading", "the files go to the cluster", "");
    if (phase == Phase.Suspended) {
      draft.condition("Suspended", false, "Resumed", "", view.now());
    }
    String told = "Attempt " + attempt + " on " + spec.clusterName();
    if (!settings.warnings().isEmpty()) {
      String all = String.join("; ", settings.warnings());
      draft.condition("DeprecatedFields", true, "EarlierFields", all, view.now());
      told += "; " + all;
    }
    return new Step.Begin(
        draft.done(), new Step.Note(!settings.warnings().isEmpty() && attempt == 1, word, told));
  }

  private Step compile() {
    if (view.marks().compiled()) {
      return new Step.ReadCompiled(place());
    }
    if (!status.reason().equals("Compiling")) {
      return new Step.Compile(place());
    }
    Instant since = begun("Compiled");
    Duration limit = Objects.requireNonNull(view.cluster()).spec().compileLimit().plusSeconds(60);
    if (view.now().isAfter(since.plus(limit))) {
      return finish(
          End.before(
              "CompileTimeout",
              "the compilation did not end within " + limit.toMinutes() + " minutes",
              "Compile less, raise compileTimeout of the SlurmCluster, or set compileOn: job."));
    }
    return new Step.Wait(SOON);
  }

  /** Since when a condition is as it is; now when it was never set. */
  private Instant begun(String type) {
    var condition = minik8s.api.Condition.find(status.conditions(), type);
    Instant at = condition == null ? null : condition.lastTransitionTime();
    return at == null ? view.now() : at;
  }

  private Step submit() {
    GpuJob.Submission submission = status.submission();
    if (submission == null) {
      return new Step.Show(
          draft()
              .intent(place().slurmName(), view.now())
              .because("Submitting", "the job goes to Slurm", "")
              .done(),
          null);
    }
    Instant since = submission.intendedAt() == null ? view.now() : submission.intendedAt();
    boolean unwanted = spec.cancelled() || spec.suspend();
    return switch (view.submitting()) {
      case INTENDED_HERE ->
          unwanted ? new Step.Forbid(place(), unsubmitted()) : new Step.Submit(place());
      case UNKNOWN -> new Step.Search(place(), since.minus(Duration.ofMinutes(5)));
      case SEARCHED ->
          unwanted ? new Step.Forbid(place(), unsubmitted()) : new Step.Submit(place());
    };
  }

  private GpuJob.Status unsubmitted() {
    return draft()
        .unsubmitted()
        .phase(Phase.Pending)
        .because("NotSubmitted", "the job was not submitted", "")
        .done();
  }

  private Step follow(JobSettings settings) {
    boolean unwanted = spec.cancelled() || spec.suspend();
    JobReport report = view.report();
    boolean ended = report != null && report.ended();
    if (unwanted && !ended && !status.reason().equals("Cancelling")) {
      return new Step.Cancel(
          status.jobId(),
          draft().because("Cancelling", "Slurm was asked to cancel the job", "").done(),
          new Step.Note(false, "Cancelling", "scancel " + status.jobId()));
    }
    if (report == null) {
      return silent(settings);
    }
    if (ended) {
      return ended(report, settings);
    }
    return progress(report, settings);
  }

  /** Slurm says nothing: early on that is normal; after an end and a while the mark must do. */
  private Step silent(JobSettings settings) {
    Map<String, Integer> marks = view.marks().ended();
    Instant marked = view.markedAt();
    Integer code = marks.get("");
    if (marked != null && code != null && view.now().isAfter(marked.plus(ACCOUNTING_LAG))) {
      String sentence =
          "accounting says nothing of the job; its script ended with exit code " + code;
      return collect(
          settings,
          new End(
              code == 0 ? Phase.Succeeded : Phase.Failed,
              "",
              "AccountingMissing",
              sentence,
              code == 0 ? "" : "See the end of the error output.",
              code,
              null),
          null);
    }
    Instant since = status.submitTime() == null ? view.now() : status.submitTime();
    if (marked == null
        && view.silentPolls() >= 3
        && view.now().isAfter(since.plus(ACCOUNTING_LAG))) {
      return collect(
          settings,
          End.before(
              "JobLost",
              "neither queue nor accounting of the cluster know job "
                  + status.jobId()
                  + " any more",
              "Perhaps records were purged; what it wrote is among the results. Submit it again if that is not enough."),
          null);
    }
    if (view.marks().started().size() > view.marks().ended().size() && phase == Phase.Queued) {
      return running(draft().slurm("RUNNING", ""), SlurmState.RUNNING, settings);
    }
    return peek(settings);
  }

  private Step ended(JobReport report, JobSettings settings) {
    boolean wished = spec.cancelled() || spec.suspend();
    if (wished && spec.suspend() && !spec.cancelled() && report.completed() == 0) {
      return show(
          draft()
              .unsubmitted()
              .phase(Phase.Suspended)
              .because(
                  "Suspended",
                  "the job was cancelled and starts anew once spec.suspend is false",
                  "")
              .condition("Suspended", true, "Suspended", "spec.suspend is true", view.now()),
          "Suspended",
          "Job " + status.jobId() + " was cancelled");
    }
    End end = Ends.of(report, view.link().userId(), wished);
    boolean again =
        end.phase() != Phase.Succeeded
            && !wished
            && spec.retryPolicy().on().contains(end.state())
            && status.attempt() <= spec.retryPolicy().limit();
    if (again) {
      Step.Begin next = (Step.Begin) begin(status.attempt() + 1, settings, "Retrying");
      return new Step.Begin(
          next.status(),
          new Step.Note(
              true,
              "Retrying",
              "Job "
                  + status.jobId()
                  + " ended as "
                  + end.state()
                  + ": attempt "
                  + (status.attempt() + 1)
                  + " follows"));
    }
    return collect(settings, end, report);
  }

  private Step collect(JobSettings settings, End end, @Nullable JobReport report) {
    return new Step.Collect(
        place(), settings, GpuJobStatuses.ended(job, end, report, view.now()).done(), told(end));
  }

  private static Step.Note told(End end) {
    String advice = end.advice().isEmpty() ? "" : ". " + end.advice();
    return new Step.Note(end.phase() != Phase.Succeeded, end.reason(), end.message() + advice);
  }

  private Step progress(JobReport report, JobSettings settings) {
    JobRow leading = report.leading();
    StatusDraft draft =
        draft().jobId(report.jobId()).tasks(Ends.tasks(report)).submitted(leading.submitted());
    boolean waits = leading.state().kind() == SlurmState.Kind.WAITING;
    // Accounting lags: a script that has left its mark runs, whatever the row still says.
    boolean marked = view.marks().started().size() > view.marks().ended().size();
    if (status.reason().equals("Cancelling")) {
      return shown(draft.slurm(leading.state().name(), ""), "", settings);
    }
    if (!waits || marked) {
      draft
          .slurm(waits ? "RUNNING" : leading.state().name(), "")
          .started(report.started())
          .nodes(report.nodes());
      return running(draft, leading.state(), settings);
    }
    WaitReasons.Explained why = WaitReasons.of(leading.reason());
    draft
        .phase(Phase.Queued)
        .slurm(leading.state().name(), leading.reason())
        .because(
            leading.reason().isEmpty() ? "Queued" : word(leading.reason()),
            why.message(),
            why.advice());
    return shown(draft, leading.reason(), settings);
  }

  private Step shown(StatusDraft draft, String reason, JobSettings settings) {
    GpuJob.Status next = draft.done();
    if (next.equals(status)) {
      return peek(settings);
    }
    boolean tell = WaitReasons.of(reason).never() && !status.slurmReason().equals(reason);
    return new Step.Show(
        next,
        tell ? new Step.Note(true, next.reason(), next.message() + ". " + next.advice()) : null);
  }

  /** One word of a sentence, for a reason. */
  private static String word(String reason) {
    int end = reason.indexOf(',');
    String first = end < 0 ? reason : reason.substring(0, end);
    return first.matches("[A-Za-z][A-Za-z0-9_]*") ? first : "Waiting";
  }

  private Step running(StatusDraft draft, SlurmState state, JobSettings settings) {
    draft.phase(Phase.Running);
    if (state.kind() == SlurmState.Kind.SUSPENDED) {
      draft.because(
          "SuspendedBySlurm",
          "Slurm has suspended the job for others",
          "It goes on by itself; nothing is lost.");
    } else {
      draft.because("Running", "the job runs", "");
    }
    GpuJob.Status next = draft.done();
    if (next.equals(status)) {
      return peek(settings);
    }
    return new Step.Show(
        next,
        phase == Phase.Running
            ? null
            : new Step.Note(false, "Started", "Job " + status.jobId() + " runs"));
  }

  /** While it runs, what it has written is shown from time to time; the more jobs, the rarer. */
  private Step peek(JobSettings settings) {
    if (phase != Phase.Running) {
      return new Step.Wait(IDLE);
    }
    Duration pause = Duration.ofMillis(Math.max(PEEK.toMillis(), view.link().live() * 100L));
    Instant last = view.peekedAt();
    Instant due = last == null ? view.now() : last.plus(pause);
    return due.isAfter(view.now())
        ? new Step.Wait(Duration.between(view.now(), due))
        : new Step.Peek(place(), settings);
  }

  private Step finish(End end) {
    return new Step.Show(GpuJobStatuses.ended(job, end, null, view.now()).done(), told(end));
  }

  private Step show(StatusDraft draft, String reason, String message) {
    return new Step.Show(draft.done(), new Step.Note(false, reason, message));
  }

  /** Deleted: cancel what may be in Slurm, clean up, let go. Only cancelling may hold it. */
  private Step leave() {
    if (!job.metadata().finalizers().contains(GpuJob.FINALIZER)) {
      return new Step.Rest();
    }
    if (submitted() && !phase.terminal()) {
      return cancelForGood();
    }
    if (status.remoteDirectory().isEmpty()) {
      return new Step.Clear(null, null);
    }
    return view.cluster() != null && view.link().ready()
        ? new Step.Clear(place(), null)
        : new Step.Clear(
            null,
            new Step.Note(
                true,
                "NotCleanedUp",
                status.remoteDirectory() + " stays on cluster " + spec.clusterName()));
  }

  private Step cancelForGood() {
    if (view.cluster() == null) {
      return new Step.Clear(
          null,
          new Step.Note(
              true,
              "CouldNotCancel",
              "SlurmCluster "
                  + spec.clusterName()
                  + " is gone; job "
                  + status.jobId()
                  + " may still be in its queue"));
    }
    if (!view.link().ready()) {
      String why =
          view.link().message().isEmpty()
              ? "the cluster is not reached yet"
              : view.link().message();
      return waitFor(
          "CancelPending",
          "the job can't be cancelled yet: " + why,
          "It is tried until it works. To give up, remove the finalizer " + GpuJob.FINALIZER + ".");
    }
    GpuJob.Status cancelled =
        draft()
            .phase(Phase.Cancelled)
            .because(
                "CancelledOnDelete", "the job was cancelled because the GpuJob was deleted", "")
            .done();
    if (!status.jobId().isEmpty()) {
      return new Step.Cancel(
          status.jobId(),
          cancelled,
          new Step.Note(false, "Cancelled", "scancel " + status.jobId()));
    }
    Instant since = Objects.requireNonNull(status.submission()).intendedAt();
    return view.submitting() == Submitting.UNKNOWN
        ? new Step.Search(
            place(), (since == null ? view.now() : since).minus(Duration.ofMinutes(5)))
        : new Step.Forbid(place(), cancelled);
  }
}
