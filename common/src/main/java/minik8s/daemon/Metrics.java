package minik8s.daemon;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import minik8s.control.LoopMetrics;
import minik8s.control.WorkQueue;

/**
 * The process's metrics in Prometheus' text form, under Kubernetes' names where one exists.
 * Thread-safe.
 */
public final class Metrics implements LoopMetrics {
  /** Those of Kubernetes' {@code workqueue} buckets that differ by more than a reader sees. */
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofMillis(1),
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofSeconds(100)
  };

  private final Map<String, Work> work = new ConcurrentHashMap<>();

  private record Work(Timer duration, Counter retries) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    // Stops listening with the process and not before.
    new JvmGcMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new ProcessMeters().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Where further meters are registered. */
  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** All metrics as Prometheus reads them. */
  public String scrape() {
    return registry.scrape();
  }

  /** Counts one answer of the API server; code 0 means that none came. */
  public void clientRequest(String method, int code) {
    Counter.builder("rest_client_requests")
        .tag("method", method)
        .tag("code", code == 0 ? "<error>" : Integer.toString(code))
        .register(registry)
        .increment();
  }

  /** Shows whether this process leads, as {@code leader_election_master_status}. */
  public void leads(String lease, BooleanSupplier leading) {
    Gauge.builder("leader_election_master_status", leading, l -> l.getAsBoolean() ? 1 : 0)
        .description("1 while this process holds the lease, 0 otherwise")
        .tag("name", lease)
        .register(registry);
  }

  @Override
  public void watchDepth(String loop, WorkQueue<?> queue) {
    Gauge.builder("workqueue_depth", queue, WorkQueue::depth)
        .description("Current depth of workqueue")
        .tag("name", loop)
        .register(registry);
    Gauge.builder("workqueue_unfinished_work", queue, q -> seconds(q.unfinished()))
        .description("How many seconds of work is in progress")
        .baseUnit("seconds")
        .tag("name", loop)
        .register(registry);
    Gauge.builder("workqueue_longest_running_processor", queue, q -> seconds(q.longest()))
        .description("How many seconds the longest running key has been processed")
        .baseUnit("seconds")
        .tag("name", loop)
        .register(registry);
    Counter adds =
        Counter.builder("workqueue_adds")
            .description("Total number of adds handled by workqueue")
            .tag("name", loop)
            .register(registry);
    Timer waited =
        timer("workqueue_queue_duration", "How long a key waits before it is processed", loop);
    queue.watch(
        new WorkQueue.Watcher() {
          @Override
          public void added() {
            adds.increment();
          }

          @Override
          public void taken(Duration after) {
            waited.record(after);
          }
        });
    work.put(
        loop,
        new Work(
            timer("workqueue_work_duration", "How long processing a key takes", loop),
            Counter.builder("workqueue_retries")
                .description("Total number of retries handled by workqueue")
                .tag("name", loop)
                .register(registry)));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() * 1e-9;
  }

  private Timer timer(String name, String description, String loop) {
    return Timer.builder(name)
        .description(description)
        .tag("name", loop)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  @Override
  public void processed(String loop, Duration took, boolean failed) {
    Work meters = work.get(loop);
    if (meters == null) {
      return;
    }
    meters.duration().record(took);
    if (failed) {
      meters.retries().increment();
    }
  }
}
