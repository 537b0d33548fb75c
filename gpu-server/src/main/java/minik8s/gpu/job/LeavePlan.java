package minik8s.gpu.job;

import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.job.View.Submitting;

/** How a deleted job goes. Pure. One use per instance. */
final class LeavePlan {
  private final View view;
  private final GpuJob job;
  private final GpuJob.Spec spec;
  private final GpuJob.Status status;
  private final Phase phase;

  LeavePlan(View view) {
    this.view = view;
    this.job = view.job();
    this.spec = job.spec();
    this.status = job.status();
    this.phase = status.current();
  }

  /** Deleted: cancel what may be in Slurm, clean up, let go. Only cancelling may hold it. */
  Step next() {
    if (!job.metadata().finalizers().contains(GpuJob.FINALIZER)) {
      return new Step.Rest();
    }
    if (view.submitted() && !phase.terminal()) {
      return cancelForGood();
    }
    if (status.remoteDirectory().isEmpty()) {
      return new Step.Clear(null, null);
    }
    return view.cluster() != null && view.link().ready()
        ? new Step.Clear(view.place(), null)
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
      return WaitPlan.because(
          view,
          "CancelPending",
          "the job can't be cancelled yet: " + why,
          "It is tried until it works. To give up, remove the finalizer " + GpuJob.FINALIZER + ".");
    }
    GpuJob.Status cancelled =
        view.draft()
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
    return view.submitting() == Submitting.UNKNOWN
        ? new Step.Search(view.place(), SubmissionPlan.searchedSince(view))
        : new Step.Forbid(view.place(), cancelled);
  }
}
