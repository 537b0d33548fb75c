package minik8s.controller.autoscaler;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.api.ApiException;
import minik8s.api.HorizontalPodAutoscaler;
import minik8s.api.HorizontalPodAutoscaler.Metric;
import minik8s.api.HorizontalPodAutoscaler.Status;
import minik8s.api.HorizontalPodAutoscaler.TargetRef;
import minik8s.api.LabelSelector;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.codec.Raw;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.controller.autoscaler.Measures.Proposal;
import minik8s.controller.autoscaler.PacePlan.Pace;
import minik8s.controller.patch.Patches;
import minik8s.controller.scale.Scales;
import minik8s.controller.scale.Scales.Scale;
import org.jspecify.annotations.Nullable;

/**
 * Measures, decides and resizes, once per period for each autoscaler. Thread-safe; the queue gives
 * one autoscaler to one worker at a time.
 *
 * <p>Source of the course of things: {@code reconcileAutoscaler} in Kubernetes' {@code
 * horizontal.go}.
 */
public final class AutoscalerReconciler implements Reconciler {
  private final Api api;
  private final Lister<HorizontalPodAutoscaler> scalers;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByNamespace;
  private final Scales scales;
  private final Measures measures;
  private final EventRecorder events;
  private final Timers timers;
  private final Duration period;
  private final Map<String, History> histories = new ConcurrentHashMap<>();

  /**
   * @param period between two looks at an autoscaler
   */
  public AutoscalerReconciler(
      Api api,
      Lister<HorizontalPodAutoscaler> scalers,
      Lister<Pod> pods,
      Index<Pod> podsByNamespace,
      Scales scales,
      EventRecorder events,
      Timers timers,
      Duration period) {
    this(
        api,
        scalers,
        pods,
        podsByNamespace,
        scales,
        new ApiMetrics(api, scales),
        events,
        timers,
        period);
  }

  AutoscalerReconciler(
      Api api,
      Lister<HorizontalPodAutoscaler> scalers,
      Lister<Pod> pods,
      Index<Pod> podsByNamespace,
      Scales scales,
      MetricSource source,
      EventRecorder events,
      Timers timers,
      Duration period) {
    this.api = api;
    this.scalers = scalers;
    this.pods = pods;
    this.podsByNamespace = podsByNamespace;
    this.scales = scales;
    this.measures = new Measures(source);
    this.events = events;
    this.timers = timers;
    this.period = period;
  }

  /** Registers what wakes it: new wishes. Everything else waits for the period. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      AutoscalerReconciler reconciler,
      Informer<HorizontalPodAutoscaler> scalers) {
    scalers.onChange((old, now) -> {
      if (old != null && (now == null || !now.uid().equals(old.uid()))) {
        reconciler.histories.remove(old.uid());
      }
      if (now != null && (old == null || !old.spec().equals(now.spec()))) {
        queue.add(now.key());
      }
    });
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<HorizontalPodAutoscaler> found = scalers.get(key);
    if (found.isEmpty() || found.get().metadata().deleting()) {
      return Result.DONE;
    }
    HorizontalPodAutoscaler scaler = found.get();
    Instant now = timers.clock().instant();
    Status status = look(scaler, now);
    if (!status.equals(scaler.status())) {
      write(scaler, status);
    }
    return Result.after(period);
  }

  /** A write that lost a race is tried again with the next look. */
  private void write(HorizontalPodAutoscaler scaler, Status status) {
    try {
      var _ =
          api.patch(
              HorizontalPodAutoscaler.RESOURCE,
              scaler.key(),
              "status",
              PatchType.MERGE,
              Patches.status(scaler, scaler.status(), status));
    } catch (ApiException e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }

  private Status look(HorizontalPodAutoscaler scaler, Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    TargetRef target = scaler.spec().scaleTargetRef();
    Scale scale;
    try {
      scale =
          scales.get(
              scaler.metadata().namespace(), target.apiVersion(), target.kind(), target.name());
    } catch (ApiException e) {
      events.warning(
          HorizontalPodAutoscaler.RESOURCE,
          scaler,
          "FailedGetScale",
          String.valueOf(e.getMessage()));
      return AutoscalerStatuses.with(
          scaler.status(),
          AutoscalerStatuses.ABLE,
          false,
          "FailedGetScale",
          "the HPA controller was unable to get the target's current scale: " + e.getMessage(),
          second);
    }
    Status status =
        AutoscalerStatuses.with(
            scaler.status(),
            AutoscalerStatuses.ABLE,
            true,
            "SucceededGetScale",
            "the HPA controller was able to get the target's current scale",
            second);
    histories.computeIfAbsent(scaler.uid(), _ -> History.NONE.recommended(scale.wanted(), now));
    return decide(scaler, scale, status, now);
  }

  private Status decide(HorizontalPodAutoscaler scaler, Scale scale, Status status, Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    int current = scale.wanted();
    if (current == 0) {
      Status off =
          AutoscalerStatuses.with(
              status,
              AutoscalerStatuses.ACTIVE,
              false,
              "ScalingDisabled",
              "scaling is disabled since the replica count of the target is zero",
              second);
      return AutoscalerStatuses.sized(off, 0, 0, List.of(), null);
    }
    if (current > scaler.spec().maxReplicas()) {
      return resize(
          scaler,
          scale,
          status,
          scaler.spec().maxReplicas(),
          "Current number of replicas above Spec.MaxReplicas",
          status.currentMetrics(),
          now);
    }
    if (current < scaler.spec().least()) {
      return resize(
          scaler,
          scale,
          status,
          scaler.spec().least(),
          "Current number of replicas below Spec.MinReplicas",
          status.currentMetrics(),
          now);
    }
    return measure(scaler, scale, status, now);
  }

  private Status measure(HorizontalPodAutoscaler scaler, Scale scale, Status before, Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    int current = scale.wanted();
    if (scale.selector().isEmpty()) {
      String message = "the HPA target's scale is missing a selector";
      events.warning(HorizontalPodAutoscaler.RESOURCE, scaler, "SelectorRequired", message);
      Status blind =
          AutoscalerStatuses.with(
              before, AutoscalerStatuses.ACTIVE, false, "InvalidSelector", message, second);
      return AutoscalerStatuses.sized(
          blind, scale.current(), blind.desiredReplicas(), List.of(), null);
    }
    Taken taken = takeAll(scaler, scale, now);
    Proposal most = taken.most();
    NoAnswer failure = taken.failure();
    // A measure that fails may be the one that calls for more: nothing shrinks on the others.
    if (failure != null && (most == null || most.replicas() < current)) {
      Status blind = blind(scaler, before, taken, failure, second);
      return AutoscalerStatuses.sized(blind, scale.current(), current, taken.statuses(), null);
    }
    if (most == null) {
      return before;
    }
    Status active =
        AutoscalerStatuses.with(
            before,
            AutoscalerStatuses.ACTIVE,
            true,
            "ValidMetricFound",
            "the HPA was able to successfully calculate a replica count from " + most.name(),
            second);
    return pace(scaler, scale, active, most, taken.statuses(), now);
  }

  private Status blind(
      HorizontalPodAutoscaler scaler, Status before, Taken taken, NoAnswer failure, Instant now) {
    int all = scaler.spec().metrics().size();
    events.warning(
        HorizontalPodAutoscaler.RESOURCE,
        scaler,
        "FailedComputeMetricsReplicas",
        "invalid metrics (%d invalid out of %d), first error is: %s"
            .formatted(taken.failures(), all, failure.why()));
    return AutoscalerStatuses.with(
        before,
        AutoscalerStatuses.ACTIVE,
        false,
        taken.reason(),
        "the HPA was unable to compute the replica count: " + failure.why(),
        now);
  }

  /**
   * What all measures together say.
   *
   * @param most the one that calls for the most; null when none calls for anything
   * @param failure the first one; null when all could be taken
   * @param reason of the first failure
   */
  private record Taken(
      @Nullable Proposal most,
      List<Raw> statuses,
      @Nullable NoAnswer failure,
      String reason,
      int failures) {}

  private Taken takeAll(HorizontalPodAutoscaler scaler, Scale scale, Instant now) {
    String namespace = scaler.metadata().namespace();
    LabelSelector selector = SelectorText.parse(scale.selector());
    List<Pod> selected =
        pods.by(podsByNamespace, namespace).stream()
            .filter(pod -> selector.matches(pod.metadata().labels()))
            .toList();
    Measures.Subject subject =
        new Measures.Subject(
            namespace, scale, selected, Tolerances.of(scaler.spec().behavior()), now);
    Proposal most = null;
    NoAnswer first = null;
    String reason = "";
    int failures = 0;
    List<Raw> statuses = new ArrayList<>();
    for (Metric metric : scaler.spec().metrics()) {
      try {
        Proposal proposal = measures.take(metric, subject);
        statuses.add(Raw.of(proposal.status()));
        most = most == null || proposal.replicas() > most.replicas() ? proposal : most;
      } catch (NoAnswer e) {
        failures++;
        reason = first == null ? Measures.failure(metric) : reason;
        first = first == null ? e : first;
        events.warning(HorizontalPodAutoscaler.RESOURCE, scaler, Measures.failure(metric), e.why());
      }
    }
    return new Taken(most, statuses, first, reason, failures);
  }

  private Status pace(
      HorizontalPodAutoscaler scaler,
      Scale scale,
      Status before,
      Proposal proposal,
      List<Raw> metrics,
      Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    int current = scale.wanted();
    History history = histories.getOrDefault(scaler.uid(), History.NONE);
    Pace pace = PacePlan.next(scaler, current, proposal.replicas(), history, now);
    histories.put(scaler.uid(), history.recommended(proposal.replicas(), now));
    PacePlan.Why stable = pace.stable();
    PacePlan.Why limit = pace.limit();
    Status status =
        AutoscalerStatuses.with(
            before,
            AutoscalerStatuses.ABLE,
            stable.holds(),
            stable.reason(),
            stable.message(),
            second);
    status =
        AutoscalerStatuses.with(
            status,
            AutoscalerStatuses.LIMITED,
            limit.holds(),
            limit.reason(),
            limit.message(),
            second);
    if (pace.replicas() == current) {
      return AutoscalerStatuses.sized(status, scale.current(), current, metrics, null);
    }
    String why =
        proposal.replicas() > current
            ? proposal.name() + " above target"
            : "All metrics below target";
    return resize(scaler, scale, status, pace.replicas(), why, metrics, now);
  }

  private Status resize(
      HorizontalPodAutoscaler scaler,
      Scale scale,
      Status before,
      int size,
      String why,
      List<Raw> metrics,
      Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    try {
      scales.resize(scale, size);
    } catch (ApiException e) {
      events.warning(
          HorizontalPodAutoscaler.RESOURCE,
          scaler,
          "FailedRescale",
          "New size: %d; reason: %s; error: %s".formatted(size, why, e.getMessage()));
      Status failed =
          AutoscalerStatuses.with(
              before,
              AutoscalerStatuses.ABLE,
              false,
              "FailedUpdateScale",
              "the HPA controller was unable to update the target scale: " + e.getMessage(),
              second);
      return AutoscalerStatuses.sized(
          failed, scale.current(), failed.desiredReplicas(), metrics, null);
    }
    events.normal(
        HorizontalPodAutoscaler.RESOURCE,
        scaler,
        "SuccessfulRescale",
        "New size: %d; reason: %s".formatted(size, why));
    histories.compute(
        scaler.uid(),
        (_, known) -> (known == null ? History.NONE : known).changed(scale.wanted(), size, now));
    Status done =
        AutoscalerStatuses.with(
            before,
            AutoscalerStatuses.ABLE,
            true,
            "SucceededRescale",
            "the HPA controller was able to update the target scale to " + size,
            second);
    return AutoscalerStatuses.sized(done, scale.current(), size, metrics, second);
  }
}
