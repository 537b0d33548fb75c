package minik8s.gpu.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.ObjectKey;
import minik8s.gpu.GpuJob;
import minik8s.gpu.JobPlace;
import minik8s.gpu.JobSettings;
import minik8s.gpu.results.IndexPage;
import minik8s.gpu.results.ResultsFolder;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFile;
import minik8s.gpu.slurm.SlurmGateway;

/**
 * Brings output and results from the cluster into the results folder. Thread-safe for different
 * jobs.
 */
final class Collector {
  private static final int MOST_FILES = 10_000;
  private static final int NAMED_FILES = 100;
  private static final long PARTIAL = 1 << 20;
  private static final int TAIL = 2048;
  private static final int LOG = 1 << 18;

  private final ResultsFolder folder;
  private final long largest;

  /**
   * @param largest bytes; files above are left on the cluster
   */
  Collector(ResultsFolder folder, long largest) {
    this.folder = folder;
    this.largest = largest;
  }

  String url(ObjectKey job) {
    return folder.url(job);
  }

  void claim(GpuJob job) throws IOException {
    folder.claim(job.key(), job.uid());
  }

  void remove(GpuJob job) throws IOException {
    folder.removeOf(job.key(), job.uid());
  }

  /** The end of what has been written so far; answers the status with it. */
  GpuJob.Status peek(GpuJob job, JobPlace place, JobSettings settings, SlurmGateway gateway)
      throws RemoteFailure, IOException, InterruptedException {
    List<RemoteFile> found = new ArrayList<>();
    if (Wanted.plain(settings.output()) && Wanted.plain(settings.error())) {
      gateway.stat(place, settings.output()).ifPresent(found::add);
      if (!settings.error().equals(settings.output())) {
        gateway.stat(place, settings.error()).ifPresent(found::add);
      }
    } else {
      found.addAll(new Wanted(settings).output(gateway.list(place, MOST_FILES)));
    }
    for (RemoteFile file : found.stream().limit(16).toList()) {
      folder.<RemoteFailure>land(
          job.key(), file.path(), out -> gateway.fetch(place, file, PARTIAL, out));
    }
    return described(job, job.status(), settings, "");
  }

  /** Everything; answers the status with it. */
  GpuJob.Status collect(
      GpuJob job, JobPlace place, JobSettings settings, GpuJob.Status status, SlurmGateway gateway)
      throws RemoteFailure, IOException, InterruptedException {
    log(job, place, gateway);
    int left = 0;
    for (RemoteFile file : new Wanted(settings).all(gateway.list(place, MOST_FILES))) {
      if (file.size() > largest || !folder.allows(file.path())) {
        left++;
        continue;
      }
      folder.<RemoteFailure>land(
          job.key(), file.path(), out -> gateway.fetch(place, file, Long.MAX_VALUE, out));
    }
    String note =
        left == 0
            ? ""
            : left
                + " files are too large or have names that are not allowed, and stay in "
                + place.work();
    return described(job, status, settings, note);
  }

  /** The log of the compilation, if there is one. */
  String log(GpuJob job, JobPlace place, SlurmGateway gateway)
      throws RemoteFailure, IOException, InterruptedException {
    String log = gateway.compileLog(place, LOG);
    if (!log.isEmpty()) {
      folder.land(job.key(), "compile.log", log);
    }
    return log;
  }

  /** A status with the list of files and the tails, and the page that shows it. */
  GpuJob.Status described(GpuJob job, GpuJob.Status status, JobSettings settings, String note)
      throws IOException, InterruptedException {
    List<GpuJob.ResultFile> files = folder.files(job.key(), MOST_FILES);
    StatusDraft draft =
        StatusDraft.of(new GpuJob(job.metadata(), job.spec(), status))
            .results(folder.url(job.key()), files.stream().limit(NAMED_FILES).toList())
            .tails(
                tail(job, settings.output(), status.outputTail()),
                tail(job, settings.error(), status.errorTail()));
    if (!note.isEmpty()) {
      draft.because(status.reason(), status.message() + "; " + note, status.advice());
    }
    GpuJob.Status result = draft.done();
    folder.land(job.key(), "index.html", IndexPage.of(job, result, files));
    return result;
  }

  /** A status with the list of files, and the page that shows it; tails stay as they are. */
  GpuJob.Status page(GpuJob job, GpuJob.Status status) throws IOException, InterruptedException {
    List<GpuJob.ResultFile> files = folder.files(job.key(), MOST_FILES);
    GpuJob.Status result =
        StatusDraft.of(new GpuJob(job.metadata(), job.spec(), status))
            .results(folder.url(job.key()), files.stream().limit(NAMED_FILES).toList())
            .done();
    folder.land(job.key(), "index.html", IndexPage.of(job, result, files));
    return result;
  }

  private String tail(GpuJob job, String name, String before) throws IOException {
    return Wanted.plain(name) ? whole(folder.tail(job.key(), name, TAIL)) : before;
  }

  /** Without what a cut has left of a character or line, and without control characters. */
  static String whole(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\ufffd&&[^\\n\\t]]", "");
    int line = clean.indexOf('\n');
    return text.length() >= TAIL - 8 && line >= 0 && line < clean.length() - 1
        ? clean.substring(line + 1)
        : clean;
  }
}
