package minik8s.controller.autoscaler;

import java.time.Instant;
import java.util.List;
import minik8s.api.Condition;
import minik8s.api.HorizontalPodAutoscaler;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** The status of an autoscaler, built up one finding after the other. Pure. */
final class AutoscalerStatuses {
  static final String ABLE = "AbleToScale";
  static final String ACTIVE = "ScalingActive";
  static final String LIMITED = "ScalingLimited";

  private AutoscalerStatuses() {}

  /** With a condition. */
  static HorizontalPodAutoscaler.Status with(
      HorizontalPodAutoscaler.Status old,
      String type,
      boolean holds,
      String reason,
      String message,
      Instant now) {
    List<Condition> conditions =
        Condition.set(old.conditions(), Condition.of(type, holds, reason, message, now));
    return new HorizontalPodAutoscaler.Status(
        old.observedGeneration(),
        old.lastScaleTime(),
        old.currentReplicas(),
        old.desiredReplicas(),
        old.currentMetrics(),
        conditions);
  }

  /** With sizes and measures. */
  static HorizontalPodAutoscaler.Status sized(
      HorizontalPodAutoscaler.Status old,
      int current,
      int desired,
      List<Raw> metrics,
      @Nullable Instant scaled) {
    return new HorizontalPodAutoscaler.Status(
        old.observedGeneration(),
        scaled == null ? old.lastScaleTime() : scaled,
        current,
        desired,
        metrics,
        old.conditions());
  }
}
