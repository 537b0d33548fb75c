package minik8s.kubelet.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import minik8s.api.Pod;
import minik8s.kubelet.runtime.ObservedContainer;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet tells Prometheus of its pods, under Kubernetes' names. Thread-safe.
 *
 * <p>Source: Kubernetes' {@code pkg/kubelet/metrics/metrics.go}.
 */
public final class KubeletMeters {
  private final InstantSource clock;
  private final Timer started;
  private final Map<String, Instant> starting = new ConcurrentHashMap<>();

  /**
   * Registers in {@code registry}.
   *
   * @param picture the node's containers by id
   */
  public KubeletMeters(
      MeterRegistry registry,
      String node,
      Supplier<Map<String, ObservedContainer>> picture,
      InstantSource clock) {
    this.clock = clock;
    this.started =
        Timer.builder("kubelet_pod_start_duration")
            .description(
                "Duration in seconds from kubelet seeing a pod for the first time to the pod"
                    + " starting to run")
            .serviceLevelObjectives(
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(300))
            .register(registry);
    Gauge.builder("kubelet_node_name", () -> 1)
        .description("The node's name. The count is always 1.")
        .tag("node", node)
        .register(registry);
    Gauge.builder(
            "kubelet_running_pods",
            () -> picture.get().values().stream().filter(c -> c.sandbox() && c.running()).count())
        .description("Number of pods that have a running pod sandbox")
        .register(registry);
    containers(registry, "created", picture, c -> !c.running() && !c.exited());
    containers(registry, "running", picture, ObservedContainer::running);
    containers(registry, "exited", picture, ObservedContainer::exited);
  }

  private static void containers(
      MeterRegistry registry,
      String state,
      Supplier<Map<String, ObservedContainer>> picture,
      Predicate<ObservedContainer> is) {
    Gauge.builder(
            "kubelet_running_containers",
            () -> picture.get().values().stream().filter(c -> !c.sandbox() && is.test(c)).count())
        .description("Number of containers by state")
        .tag("container_state", state)
        .register(registry);
  }

  /** A pod of this node changed; fits an informer. */
  public void changed(@Nullable Pod old, @Nullable Pod now) {
    if (now == null) {
      if (old != null) {
        starting.remove(old.uid());
      }
      return;
    }
    switch (now.status().phase()) {
      case "Pending" -> starting.putIfAbsent(now.uid(), clock.instant());
      case "Running" -> {
        Instant since = starting.remove(now.uid());
        if (since != null) {
          started.record(Duration.between(since, clock.instant()));
        }
      }
      default -> starting.remove(now.uid());
    }
  }
}
