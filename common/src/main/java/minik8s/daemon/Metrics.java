package minik8s.daemon;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import minik8s.control.LoopMetrics;
import minik8s.control.WorkQueue;

/**
 * The process's metrics in Prometheus' text form, under Kubernetes' names where one exists.
 * Thread-safe.
 */
public final class Metrics implements LoopMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
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

  @Override
  public void watchDepth(String loop, WorkQueue<?> queue) {
    Gauge.builder("workqueue_depth", queue, WorkQueue::depth).tag("name", loop).register(registry);
  }

  @Override
  public void processed(String loop, Duration took, boolean failed) {
    Timer.builder("workqueue_work_duration")
        .tag("name", loop)
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1))
        .register(registry)
        .record(took);
    if (failed) {
      Counter.builder("workqueue_retries").tag("name", loop).register(registry).increment();
    }
  }
}
