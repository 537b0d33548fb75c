package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.JobCheck;
import minik8s.gpu.JobSettings;
import minik8s.gpu.SlurmCluster;

/**
 * Says the next step for a job, out of the job and what is known of the cluster. Pure. One use per
 * instance. What leads into Slurm, what happens there and how a job leaves are plans of their own.
 */
final class GpuJobPlan {
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
    return view.job().metadata().deleting()
        ? new LeavePlan(view).next()
        : new GpuJobPlan(view).go();
  }

  private Step go() {
    if (phase.terminal()) {
      return rest();
    }
    if (!job.metadata().finalizers().contains(GpuJob.FINALIZER)) {
      return new Step.Hold();
    }
    if (spec.cancelled() && !view.submitted()) {
      return SubmissionPlan.finish(
          view,
          new End(
              Phase.Cancelled,
              "",
              "CancelledOnRequest",
              "the job was cancelled before it was submitted",
              "",
              null,
              null));
    }
    if (spec.suspend() && !view.submitted()) {
      return phase == Phase.Suspended ? new Step.Rest() : suspend();
    }
    SlurmCluster cluster = view.cluster();
    if (cluster == null) {
      return WaitPlan.because(
          view,
          "NoSuchCluster",
          "there is no SlurmCluster " + spec.clusterName(),
          "Create it, or name another in spec.clusterName.");
    }
    return switch (JobCheck.of(job, cluster.spec())) {
      case JobCheck.Outcome.Invalid invalid when !view.submitted() ->
          SubmissionPlan.finish(
              view,
              End.before(
                  "InvalidSpec",
                  String.join("; ", invalid.problems()),
                  "Correct the fields and create the job again."));
      case JobCheck.Outcome.Invalid invalid ->
          WaitPlan.because(
              view,
              "InvalidSpec",
              String.join("; ", invalid.problems()),
              "Undo the change: the job is with Slurm already.");
      case JobCheck.Outcome.Valid valid ->
          view.link().ready() ? work(valid.settings()) : unreachable();
    };
  }

  private Step suspend() {
    return new Step.Show(
        view.draft()
            .phase(Phase.Suspended)
            .because("Suspended", "the job waits until spec.suspend is false", "")
            .condition("Suspended", true, "Suspended", "spec.suspend is true", view.now())
            .done(),
        new Step.Note(false, "Suspended", "Nothing is submitted while spec.suspend is true"));
  }

  private Step unreachable() {
    return view.link().reason().isEmpty()
        ? WaitPlan.because(view, "Connecting", "the cluster has not been reached yet", "")
        : WaitPlan.because(
            view,
            view.link().reason(),
            view.link().message(),
            "See kubectl describe slurmcluster " + spec.clusterName() + ".");
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

  private Step work(JobSettings settings) {
    SubmissionPlan submission = new SubmissionPlan(view);
    return switch (phase) {
      case Pending, Suspended ->
          submission.begin(
              status.attempt() + 1, settings, phase == Phase.Suspended ? "Resumed" : "Accepted");
      case Uploading -> new Step.Upload(view.place(), settings);
      case Compiling -> submission.compile();
      case Submitting -> submission.submit();
      case Queued, Running, Collecting -> new RunPlan(view, settings).next();
      case Succeeded, Failed, Cancelled -> new Step.Rest();
    };
  }
}
