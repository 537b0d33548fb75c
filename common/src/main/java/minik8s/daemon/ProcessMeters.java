package minik8s.daemon;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process as every Prometheus client library shows it: {@code process_cpu_seconds_total},
 * {@code process_resident_memory_bytes} and so on, which common dashboards ask for. Stateless.
 */
final class ProcessMeters implements MeterBinder {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;
  private static final double NANO = 1e-9;

  @Override
  public void bindTo(MeterRegistry registry) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      FunctionCounter.builder("process.cpu", system, s -> s.getProcessCpuTime() * NANO)
          .description("Total user and system CPU time spent in seconds")
          .baseUnit("seconds")
          .register(registry);
      Gauge.builder(
              "process.open.fds", system, UnixOperatingSystemMXBean::getOpenFileDescriptorCount)
          .description("Number of open file descriptors")
          .register(registry);
      Gauge.builder("process.max.fds", system, UnixOperatingSystemMXBean::getMaxFileDescriptorCount)
          .description("Maximum number of open file descriptors")
          .register(registry);
    }
    Gauge.builder("process.virtual.memory", STATM, file -> pages(file, 0) * PAGE)
        .description("Virtual memory size in bytes")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("process.resident.memory", STATM, file -> pages(file, 1) * PAGE)
        .description("Resident memory size in bytes")
        .baseUnit("bytes")
        .register(registry);
  }

  private static double pages(Path file, int column) {
    try {
      return Double.parseDouble(Files.readString(file).split(" ")[column]);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
