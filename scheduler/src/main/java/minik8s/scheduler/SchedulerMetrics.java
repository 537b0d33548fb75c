package minik8s.scheduler;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import minik8s.scheduler.queue.Depths;

/** What the scheduler tells Prometheus, under Kubernetes' names. Thread-safe. */
public final class SchedulerMetrics {
  private static final String PROFILE = "default-scheduler";

  private record Standing(Depths depths, int nodes, int pods, int assumed) {}

  private final Attempts scheduled;
  private final Attempts unschedulable;
  private final Attempts failed;
  private final Timer algorithm;
  private final Timer waited;
  private final DistributionSummary attempts;
  private final Counter preemptions;
  private final DistributionSummary victims;
  private volatile Standing standing = new Standing(Depths.NONE, 0, 0, 0);

  private record Attempts(Counter total, Timer duration) {
    void add(long nanos) {
      total.increment();
      duration.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  public SchedulerMetrics(MeterRegistry registry) {
    scheduled = attempts(registry, "scheduled");
    unschedulable = attempts(registry, "unschedulable");
    failed = attempts(registry, "error");
    algorithm =
        Timer.builder("scheduler_scheduling_algorithm_duration")
            .description("Time to choose a node")
            .serviceLevelObjectives(doubled(Duration.ofNanos(62_500), 15))
            .register(registry);
    waited =
        Timer.builder("scheduler_pod_scheduling_sli_duration")
            .description("Time from first seeing a pod to its binding")
            .serviceLevelObjectives(doubled(Duration.ofMillis(1), 20))
            .register(registry);
    attempts =
        DistributionSummary.builder("scheduler_pod_scheduling_attempts")
            .description("Attempts that a bound pod took")
            .serviceLevelObjectives(1, 2, 4, 8, 16)
            .register(registry);
    preemptions =
        Counter.builder("scheduler_preemption_attempts")
            .description("Attempts to make room by displacing pods")
            .register(registry);
    victims =
        DistributionSummary.builder("scheduler_preemption_victims")
            .description("Pods displaced for one")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
            .register(registry);
    pending(registry, "active", Depths::active);
    pending(registry, "backoff", Depths::backingOff);
    pending(registry, "unschedulable", Depths::unschedulable);
    pending(registry, "gated", Depths::gated);
    size(registry, "nodes", Standing::nodes);
    size(registry, "pods", Standing::pods);
    size(registry, "assumed_pods", Standing::assumed);
  }

  private static Attempts attempts(MeterRegistry registry, String result) {
    return new Attempts(
        Counter.builder("scheduler_schedule_attempts")
            .description("Attempts to schedule pods")
            .tag("result", result)
            .tag("profile", PROFILE)
            .register(registry),
        Timer.builder("scheduler_scheduling_attempt_duration")
            .description("Time of an attempt, binding included")
            .tag("result", result)
            .tag("profile", PROFILE)
            .serviceLevelObjectives(doubled(Duration.ofMillis(1), 15))
            .register(registry));
  }

  private static Duration[] doubled(Duration first, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> first.multipliedBy(1L << i))
        .toArray(Duration[]::new);
  }

  private void pending(MeterRegistry registry, String queue, ToIntFunction<Depths> depth) {
    Gauge.builder("scheduler_pending_pods", this, m -> depth.applyAsInt(m.standing.depths()))
        .description("Pods without a node")
        .tag("queue", queue)
        .register(registry);
  }

  private void size(MeterRegistry registry, String type, ToIntFunction<Standing> size) {
    Gauge.builder("scheduler_cache_size", this, m -> size.applyAsInt(m.standing))
        .description("What the scheduler keeps count of")
        .tag("type", type)
        .register(registry);
  }

  /** A node was sought for a pod. */
  void decided(long nanos) {
    algorithm.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A pod was bound. */
  void scheduled(long nanos, Duration sinceArrival, int attempts) {
    scheduled.add(nanos);
    waited.record(sinceArrival);
    this.attempts.record(attempts);
  }

  /** No node would take a pod. */
  void unschedulable(long nanos) {
    unschedulable.add(nanos);
  }

  /** Pods were displaced for another. */
  void displaced(int count) {
    preemptions.increment();
    victims.record(count);
  }

  /** An attempt ended in an error. */
  void failed(long nanos) {
    failed.add(nanos);
  }

  /** What the books say now. */
  void standing(Depths depths, int nodes, int pods, int assumed) {
    standing = new Standing(depths, nodes, pods, assumed);
  }
}
