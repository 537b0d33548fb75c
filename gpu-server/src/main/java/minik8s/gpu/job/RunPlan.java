package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.JobSettings;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.JobRow;
import minik8s.gpu.slurm.SlurmState;
import org.jspecify.annotations.Nullable;

/**
 * What to do for a job that Slurm has: follow it from the queue to its end, by what Slurm and the
 * marks of its script say. Pure. One use per instance.
 */
final class RunPlan {
  /** How long accounting may lag behind the end of a script. */
  static final Duration ACCOUNTING_LAG = Duration.ofMinutes(10);

  private static final Duration PEEK = Duration.ofSeconds(10);

  /** Whatever happens wakes the job; this is for what nobody tells. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final View view;
  private final GpuJob job;
  private final GpuJob.Spec spec;
  private final GpuJob.Status status;
  private final Phase phase;
  private final JobSettings settings;

  RunPlan(View view, JobSettings settings) {
    this.view = view;
    this.job = view.job();
    this.spec = job.spec();
    this.status = job.status();
    this.phase = status.current();
    this.settings = settings;
  }

  /** The next step. */
  Step next() {
    JobReport report = view.report();
    boolean ended = report != null && ended(report, view.now());
    if (view.unwanted() && !ended && !status.reason().equals("Cancelling")) {
      return new Step.Cancel(
          status.jobId(),
          view.draft().because("Cancelling", "Slurm was asked to cancel the job", "").done(),
          new Step.Note(false, "Cancelling", "scancel " + status.jobId()));
    }
    if (report == null) {
      return silent();
    }
    if (ended) {
      return ended(report);
    }
    return progress(report);
  }

  /** Slurm says nothing: early on that is normal; after an end and a while the mark must do. */
  private Step silent() {
    Map<String, Integer> marks = view.marks().ended();
    Instant marked = view.markedAt();
    Integer code = marks.get("");
    if (marked != null && code != null && view.now().isAfter(marked.plus(ACCOUNTING_LAG))) {
      String sentence =
          "accounting says nothing of the job; its script ended with exit code " + code;
      return collect(
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
          End.before(
              "JobLost",
              "neither queue nor accounting of the cluster know job "
                  + status.jobId()
                  + " any more",
              "Perhaps records were purged; what it wrote is among the results. Submit it again if that is not enough."),
          null);
    }
    if (view.marks().started().size() > view.marks().ended().size() && phase == Phase.Queued) {
      return running(view.draft().slurm("RUNNING", ""), SlurmState.RUNNING);
    }
    return peek();
  }

  /** An array has ended when each task has, known or not: the last may be the one that failed. */
  private boolean ended(JobReport report, Instant now) {
    if (!report.ended()) {
      return false;
    }
    Instant last = report.ended(false);
    return report.knowsAll(settings.array())
        || last == null
        || now.isAfter(last.plus(ACCOUNTING_LAG));
  }

  private Step ended(JobReport report) {
    boolean wished = view.unwanted();
    if (wished && spec.suspend() && !spec.cancelled() && report.completed() == 0) {
      return new Step.Show(
          view.draft()
              .unsubmitted()
              .phase(Phase.Suspended)
              .because(
                  "Suspended",
                  "the job was cancelled and starts anew once spec.suspend is false",
                  "")
              .condition("Suspended", true, "Suspended", "spec.suspend is true", view.now())
              .done(),
          new Step.Note(false, "Suspended", "Job " + status.jobId() + " was cancelled"));
    }
    End end = Ends.of(report, view.link().userId(), wished);
    boolean again =
        end.phase() != Phase.Succeeded
            && !wished
            && spec.retryPolicy().ends().contains(end.state())
            && status.attempt() <= spec.retryPolicy().limit();
    if (again) {
      Step.Begin next = new SubmissionPlan(view).begin(status.attempt() + 1, settings, "Retrying");
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
    return collect(end, report);
  }

  private Step collect(End end, @Nullable JobReport report) {
    return new Step.Collect(
        view.place(),
        settings,
        GpuJobStatuses.ended(job, end, report, view.now()).done(),
        end.note());
  }

  private Step progress(JobReport report) {
    JobRow leading = report.leading();
    StatusDraft draft =
        view.draft().jobId(report.jobId()).tasks(Ends.tasks(report)).submitted(leading.submitted());
    boolean waits = leading.state().kind() == SlurmState.Kind.WAITING;
    // Accounting lags: a script that has left its mark runs, whatever the row still says.
    boolean marked = view.marks().started().size() > view.marks().ended().size();
    if (status.reason().equals("Cancelling")) {
      return shown(draft.slurm(leading.state().name(), ""), "");
    }
    if (!waits || marked) {
      draft
          .slurm(waits ? "RUNNING" : leading.state().name(), "")
          .started(report.started())
          .nodes(report.nodes());
      return running(draft, leading.state());
    }
    WaitReasons.Explained why = WaitReasons.of(leading.reason());
    draft
        .phase(Phase.Queued)
        .slurm(leading.state().name(), leading.reason())
        .because(
            leading.reason().isEmpty() ? "Queued" : word(leading.reason()),
            why.message(),
            why.advice());
    return shown(draft, leading.reason());
  }

  private Step shown(StatusDraft draft, String reason) {
    GpuJob.Status next = draft.done();
    if (next.equals(status)) {
      return peek();
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

  private Step running(StatusDraft draft, SlurmState state) {
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
      return peek();
    }
    return new Step.Show(
        next,
        phase == Phase.Running
            ? null
            : new Step.Note(false, "Started", "Job " + status.jobId() + " runs"));
  }

  /** While it runs, what it has written is shown from time to time; the more jobs, the rarer. */
  private Step peek() {
    if (phase != Phase.Running) {
      return new Step.Wait(IDLE);
    }
    Duration pause = Duration.ofMillis(Math.max(PEEK.toMillis(), view.link().live() * 100L));
    Instant last = view.peekedAt();
    Instant due = last == null ? view.now() : last.plus(pause);
    return due.isAfter(view.now())
        ? new Step.Wait(Duration.between(view.now(), due))
        : new Step.Peek(view.place(), settings);
  }
}
