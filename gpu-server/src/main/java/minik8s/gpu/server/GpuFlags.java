package minik8s.gpu.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The gpu-server's own flags. Filled once by the parser. */
final class GpuFlags {
  @Option(
      names = "--results-dir",
      required = true,
      paramLabel = "DIR",
      description = "where results go, as DIR/NAMESPACE/JOB/; shared with the file server")
  @SuppressWarnings("NullAway.Init")
  Path resultsDir;

  @Option(
      names = "--results-url",
      defaultValue = "http://127.0.0.1:8088",
      paramLabel = "URL",
      description = "where people find --results-dir (default: ${DEFAULT-VALUE})")
  String resultsUrl = "http://127.0.0.1:8088";

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "folder that hostPath sources lie under; without it they are refused")
  @Nullable Path workDir;

  @Option(
      names = "--largest-result",
      defaultValue = "4294967296",
      paramLabel = "BYTES",
      description = "larger files stay on the cluster (default: ${DEFAULT-VALUE})")
  long largestResult = 4L << 30;

  @Option(
      names = "--workers",
      defaultValue = "256",
      description = "jobs worked on at a time (default: ${DEFAULT-VALUE})")
  int workers = 256;
}
