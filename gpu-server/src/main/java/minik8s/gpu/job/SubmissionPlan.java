package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import minik8s.api.Condition;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.JobPlace;
import minik8s.gpu.JobSettings;

/**
 * The way of an attempt into Slurm: begin it, compile, submit. Pure. One use per instance.
 *
 * <p>The order that makes a submission happen once: the intent is in the status before {@link
 * Step.Submit}; a process that did not write it itself searches first; the submission on the
 * cluster takes a lock; and the script does, too.
 */
final class SubmissionPlan {
  /** How long a submission may have been under way when nothing is seen of it. */
  static final Duration LIMIT = Duration.ofMinutes(3);

  /** How much earlier than the intent a search begins, since clocks differ. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private final View view;
  private final GpuJob job;
  private final GpuJob.Spec spec;
  private final GpuJob.Status status;

  SubmissionPlan(View view) {
    this.view = view;
    this.job = view.job();
    this.spec = job.spec();
    this.status = job.status();
  }

  /** The next attempt, after this word. */
  Step.Begin begin(int attempt, JobSettings settings, String word) {
    JobPlace place = JobPlace.of(view.link().base(), job, attempt);
    StatusDraft draft =
        view.draft()
            .attempt(attempt, place.directory())
            .phase(Phase.Uploading)
            .because("Uploading", "the files go to the cluster", "");
    if (status.current() == Phase.Suspended) {
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

  /** The compilation on the login host. */
  Step compile() {
    if (view.marks().compiled()) {
      return new Step.ReadCompiled(view.place());
    }
    if (!status.reason().equals("Compiling")) {
      return new Step.Compile(view.place());
    }
    Instant since = begun("Compiled");
    Duration limit = Objects.requireNonNull(view.cluster()).spec().compileLimit().plusSeconds(60);
    if (view.now().isAfter(since.plus(limit))) {
      return finish(
          view,
          End.before(
              "CompileTimeout",
              "the compilation did not end within " + limit.toMinutes() + " minutes",
              "Compile less, raise compileTimeout of the SlurmCluster, or set compileOn: job."));
    }
    return new Step.Wait(WaitPlan.SOON);
  }

  /** Since when a condition is as it is; now when it was never set. */
  private Instant begun(String type) {
    var condition = Condition.find(status.conditions(), type);
    Instant at = condition == null ? null : condition.lastTransitionTime();
    return at == null ? view.now() : at;
  }

  /** The submission itself. */
  Step submit() {
    if (!view.submitted()) {
      return new Step.Show(
          view.draft()
              .intent(view.place().slurmName(), view.now())
              .because("Submitting", "the job goes to Slurm", "")
              .done(),
          null);
    }
    return switch (view.submitting()) {
      case UNKNOWN -> new Step.Search(view.place(), searchedSince(view));
      case INTENDED_HERE, SEARCHED ->
          view.unwanted()
              ? new Step.Forbid(view.place(), unsubmitted())
              : new Step.Submit(view.place());
    };
  }

  /** From when on a submission must be looked for. */
  static Instant searchedSince(View view) {
    GpuJob.Submission submission = view.job().status().submission();
    Instant since = submission == null ? null : submission.intendedAt();
    return (since == null ? view.now() : since).minus(CLOCK_SKEW);
  }

  /** An end before Slurm had the job. */
  static Step finish(View view, End end) {
    return new Step.Show(
        GpuJobStatuses.ended(view.job(), end, null, view.now()).done(), end.note());
  }

  private GpuJob.Status unsubmitted() {
    return view.draft()
        .unsubmitted()
        .phase(Phase.Pending)
        .because("NotSubmitted", "the job was not submitted", "")
        .done();
  }
}
