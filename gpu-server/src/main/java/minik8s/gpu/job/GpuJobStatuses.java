package minik8s.gpu.job;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.JobRow;
import minik8s.gpu.slurm.UploadFile;
import org.jspecify.annotations.Nullable;

/** The statuses that a job goes through. Pure; times come in. */
final class GpuJobStatuses {
  private static final int NAMED_FILES = 200;

  private GpuJobStatuses() {}

  /** The files are on the cluster; compilation or submission follows. */
  static GpuJob.Status uploaded(GpuJob job, List<UploadFile> files, boolean compiles, Instant now) {
    StatusDraft draft =
        StatusDraft.of(job)
            .uploaded(
                files.stream()
                    .limit(NAMED_FILES)
                    .map(file -> new GpuJob.UploadedFile(file.path(), file.size(), file.sha256()))
                    .toList())
            .condition(
                "Uploaded", true, "Uploaded", files.size() + " files, checksums verified", now);
    return compiles
        ? draft
            .phase(Phase.Compiling)
            .because("Uploaded", "the files are on the cluster", "")
            .done()
        : draft
            .phase(Phase.Submitting)
            .because("Uploaded", "the files are on the cluster", "")
            .done();
  }

  /** The compilation was started on the login host. */
  static GpuJob.Status compiling(GpuJob job, Instant now) {
    return StatusDraft.of(job)
        .because("Compiling", "the sources are compiled on the login host", "")
        .condition("Compiled", false, "Compiling", "", now)
        .done();
  }

  /** The compilation ended well. */
  static GpuJob.Status compiled(GpuJob job, Instant now) {
    return StatusDraft.of(job)
        .phase(Phase.Submitting)
        .because("Compiled", "the sources are compiled", "")
        .condition("Compiled", true, "Compiled", "", now)
        .done();
  }

  /** The compilation ended with an error. */
  static End notCompiled(int code) {
    boolean late = code == 124 || code == 137 || code == 143;
    return late
        ? End.before(
            "CompileTimeout",
            "the compilation took too long and was ended",
            "Compile less, raise compileTimeout of the SlurmCluster, or set compileOn: job.")
        : End.before(
            "CompileFailed",
            "the compilation ended with exit code " + code,
            code == 127
                ? "A command was not found; name its module in slurm.modules. See compile.log among the results."
                : "See compile.log among the results.");
  }

  /** Slurm has the job. */
  static GpuJob.Status accepted(GpuJob job, String jobId, Instant now) {
    return StatusDraft.of(job)
        .phase(Phase.Queued)
        .jobId(jobId)
        .submitted(now)
        .slurm("PENDING", "")
        .because("Queued", "Slurm has the job in its queue", "")
        .condition("Submitted", true, "Submitted", "job " + jobId, now)
        .done();
  }

  /** The end, with all that Slurm told; results are added by whoever collects them. */
  static StatusDraft ended(GpuJob job, End end, @Nullable JobReport report, Instant now) {
    StatusDraft draft =
        StatusDraft.of(job)
            .phase(end.phase())
            .because(end.reason(), end.message(), end.advice())
            .exit(end.exitCode(), end.signal());
    if (!end.state().isEmpty()) {
      draft.slurm(end.state(), "");
    }
    Instant at = now;
    if (report != null) {
      JobRow leading = report.leading();
      draft
          .jobId(report.jobId())
          .submitted(leading.submitted())
          .started(report.started())
          .nodes(report.nodes())
          .tasks(Ends.tasks(report));
      at = Objects.requireNonNullElse(report.ended(true), now);
    }
    draft.completed(at);
    boolean good = end.phase() == Phase.Succeeded;
    return draft.condition(good ? "Complete" : "Failed", true, end.reason(), end.message(), now);
  }
}
