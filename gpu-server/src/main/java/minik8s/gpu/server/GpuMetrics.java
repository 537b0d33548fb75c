package minik8s.gpu.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import minik8s.gpu.GpuJob;
import minik8s.gpu.job.JobMetrics;
import minik8s.gpu.slurm.GatewayMeter;

/** The gpu-server's own metrics. Thread-safe. */
final class GpuMetrics implements JobMetrics, GatewayMeter {
  private static final Set<String> SLURM =
      Set.of("probe", "submit", "find", "accounting", "queue", "cancel");

  private final MeterRegistry registry;

  GpuMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows how many jobs are in each phase, counted when somebody asks. */
  void count(Supplier<? extends Collection<GpuJob>> jobs) {
    for (GpuJob.Phase phase : GpuJob.Phase.values()) {
      Gauge.builder(
              "gpu_jobs",
              () -> jobs.get().stream().filter(job -> job.status().phase() == phase).count())
          .description("Jobs by phase")
          .tag("phase", phase.name())
          .register(registry);
    }
  }

  @Override
  public void submission(String result) {
    Counter.builder("gpu_submissions")
        .description("Batch scripts handed to Slurm")
        .tag("result", result)
        .register(registry)
        .increment();
  }

  @Override
  public void ended(String phase, String reason) {
    Counter.builder("gpu_jobs_ended")
        .description("Jobs that reached their last phase, by Slurm's or our reason")
        .tag("phase", phase)
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  @Override
  public void queued(Duration time) {
    Timer.builder("gpu_job_queue_time")
        .description("Time between submission and start")
        .register(registry)
        .record(time.isNegative() ? Duration.ZERO : time);
  }

  @Override
  public void connected(boolean well) {
    Counter.builder("gpu_ssh_connections")
        .description("Connections to login hosts")
        .tag("result", result(well))
        .register(registry)
        .increment();
  }

  @Override
  public void command(String verb, boolean well) {
    boolean slurm = SLURM.contains(verb);
    Counter.builder(slurm ? "gpu_slurm_calls" : "gpu_ssh_commands")
        .description(slurm ? "Commands that ask Slurm's daemons" : "Other commands over SSH")
        .tag("verb", verb)
        .tag("result", result(well))
        .register(registry)
        .increment();
  }

  @Override
  public void bytes(boolean up, long count) {
    Counter.builder("gpu_sftp_bytes")
        .description("Files' contents over SFTP")
        .baseUnit("bytes")
        .tag("direction", up ? "up" : "down")
        .register(registry)
        .increment((double) count);
  }

  private static String result(boolean well) {
    return well ? "ok" : "error";
  }
}
