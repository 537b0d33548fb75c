package minik8s.kubelet.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.RuntimeFailure;
import org.jspecify.annotations.Nullable;

/**
 * A runtime whose calls are counted and timed as {@code kubelet_runtime_operations_*}, under the
 * names that Kubernetes has for them. Thread-safe.
 */
public final class MeteredRuntime implements ContainerRuntime {
  /** Some of Kubernetes' bounds, which are powers of 2.5 from 5 ms on. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofNanos(12_500_000),
    Duration.ofNanos(78_125_000),
    Duration.ofNanos(195_312_500),
    Duration.ofNanos(488_281_250),
    Duration.ofNanos(1_220_703_125),
    Duration.ofNanos(7_629_394_531L),
    Duration.ofNanos(47_683_715_820L)
  };

  private final ContainerRuntime runtime;
  private final MeterRegistry registry;
  private final Map<String, Meters> known = new ConcurrentHashMap<>();

  private record Meters(Counter count, Counter errors, Timer duration) {}

  /** Meters what {@code runtime} does. */
  public MeteredRuntime(ContainerRuntime runtime, MeterRegistry registry) {
    this.runtime = runtime;
    this.registry = registry;
  }

  private Meters meters(String operation) {
    return known.computeIfAbsent(
        operation,
        name ->
            new Meters(
                Counter.builder("kubelet_runtime_operations")
                    .description("Cumulative number of runtime operations by operation type.")
                    .tag("operation_type", name)
                    .register(registry),
                Counter.builder("kubelet_runtime_operations_errors")
                    .description("Cumulative number of runtime operation errors by operation type.")
                    .tag("operation_type", name)
                    .register(registry),
                Timer.builder("kubelet_runtime_operations_duration")
                    .description("Duration in seconds of runtime operations.")
                    .tag("operation_type", name)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry)));
  }

  private <T> T metered(String operation, Supplier<T> call) {
    Meters meters = meters(operation);
    long begin = System.nanoTime();
    meters.count().increment();
    try {
      return call.get();
    } catch (RuntimeFailure e) {
      meters.errors().increment();
      throw e;
    } finally {
      meters.duration().record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }
  }

  private void metered(String operation, Runnable call) {
    metered(
        operation,
        () -> {
          call.run();
          return true;
        });
  }

  @Override
  public String version() {
    return metered("version", runtime::version);
  }

  @Override
  public Map<String, String> list() {
    return metered("list_containers", runtime::list);
  }

  @Override
  public Optional<ObservedContainer> inspect(String id) {
    return metered("container_status", () -> runtime.inspect(id));
  }

  @Override
  public String create(ContainerConfig config) {
    boolean sandbox = config.container().equals(ObservedContainer.SANDBOX);
    return metered(sandbox ? "run_podsandbox" : "create_container", () -> runtime.create(config));
  }

  @Override
  public void start(String id) {
    metered("start_container", () -> runtime.start(id));
  }

  @Override
  public void signal(String id, String signal) {
    metered("stop_container", () -> runtime.signal(id, signal));
  }

  @Override
  public void remove(String id) {
    metered("remove_container", () -> runtime.remove(id));
  }

  @Override
  public Optional<Image> image(String reference) {
    return metered("image_status", () -> runtime.image(reference));
  }

  @Override
  public List<Image> images() {
    return metered("list_images", runtime::images);
  }

  @Override
  public void pull(String reference, @Nullable Login login) {
    metered("pull_image", () -> runtime.pull(reference, login));
  }

  @Override
  public Set<String> imagesInUse() {
    return metered("list_containers", runtime::imagesInUse);
  }

  @Override
  public boolean removeImage(Image image) {
    return metered("remove_image", () -> runtime.removeImage(image));
  }

  @Override
  public Path folder() {
    return metered("image_fs_info", runtime::folder);
  }

  @Override
  public AutoCloseable follow(Consumer<Hint> hints) {
    return runtime.follow(hints);
  }

  @Override
  public void close() {
    runtime.close();
  }
}
