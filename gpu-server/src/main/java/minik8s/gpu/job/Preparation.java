package minik8s.gpu.job;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import minik8s.api.ObjectKey;
import minik8s.control.Backoff;
import minik8s.gpu.GpuJob;
import minik8s.gpu.JobPlace;
import minik8s.gpu.JobSettings;
import minik8s.gpu.SbatchScript;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.SlurmGateway;
import minik8s.gpu.slurm.UploadFile;

/** Performs what comes before a submission: upload and compilation. Thread-safe. */
final class Preparation {
  private final SourceFiles sources;
  private final Collector collector;
  private final JobWriter writer;
  private final Backoff<ObjectKey> backoff;

  Preparation(
      SourceFiles sources, Collector collector, JobWriter writer, Backoff<ObjectKey> backoff) {
    this.sources = sources;
    this.collector = collector;
    this.writer = writer;
    this.backoff = backoff;
  }

  /** Brings the files and scripts to the cluster. */
  Outcome upload(GpuJob job, Step.Upload upload, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    JobSettings settings = upload.settings();
    List<UploadFile> files;
    try {
      files = sources.of(job);
    } catch (SourceFiles.Problem e) {
      String message = String.valueOf(e.getMessage());
      if (e.passing()) {
        return writer.waitFor(job, "SourceNotFound", message, Duration.ofSeconds(10));
      }
      End end = End.before("InvalidSpec", message, "Correct the fields and create the job again.");
      return new Outcome.On(
          writer.write(job, GpuJobStatuses.ended(job, end, null, writer.now()).done()));
    }
    gateway.upload(upload.place(), files, directories(settings));
    gateway.write(upload.place(), "job.sh", SbatchScript.render(settings, upload.place()));
    if (settings.compilesOnLogin()) {
      gateway.write(upload.place(), "compile.sh", SbatchScript.compile(settings, upload.place()));
    }
    GpuJob written =
        writer.write(
            job, GpuJobStatuses.uploaded(job, files, settings.compilesOnLogin(), writer.now()));
    writer.tell(
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

  /** Starts the compilation on the login host. */
  Outcome compile(GpuJob job, JobPlace place, View view, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    SlurmCluster cluster = view.cluster();
    Duration limit = cluster == null ? Duration.ofMinutes(10) : cluster.spec().compileLimit();
    gateway.compile(place, Math.toIntExact(Math.max(1, limit.toSeconds())));
    GpuJob written = writer.write(job, GpuJobStatuses.compiling(job, writer.now()));
    writer.tell(written, new Step.Note(false, "Compiling", "On the login host"));
    return new Outcome.On(written);
  }

  /** Reads how the compilation ended. */
  Outcome compiled(GpuJob job, JobPlace place, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException, IOException {
    Optional<Integer> code = gateway.compiled(place);
    if (code.isEmpty()) {
      return Outcome.over(Duration.ofSeconds(1));
    }
    String log = collector.log(job, place, gateway);
    if (code.get() == 0) {
      GpuJob written = writer.write(job, GpuJobStatuses.compiled(job, writer.now()));
      writer.tell(written, new Step.Note(false, "Compiled", "On the login host"));
      return new Outcome.On(written);
    }
    End end = GpuJobStatuses.notCompiled(code.get());
    String tail = Collector.whole(log.substring(Math.max(0, log.length() - 2048)));
    StatusDraft draft = GpuJobStatuses.ended(job, end, null, writer.now());
    GpuJob.Status status =
        draft
            .tails("", tail)
            .condition("Compiled", false, end.reason(), end.message(), writer.now())
            .done();
    GpuJob written = writer.write(job, collector.page(job, status));
    writer.tell(written, new Step.Note(true, end.reason(), end.message() + ". " + end.advice()));
    return new Outcome.On(written);
  }
}
