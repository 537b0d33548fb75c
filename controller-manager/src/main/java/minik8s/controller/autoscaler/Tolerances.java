package minik8s.controller.autoscaler;

import minik8s.api.HorizontalPodAutoscaler;
import minik8s.api.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * How far from its target a ratio may be and still count as on it. Immutable.
 *
 * @param down below the target
 * @param up above the target
 */
record Tolerances(double down, double up) {
  /** Source: {@code --horizontal-pod-autoscaler-tolerance}. */
  private static final double USUAL = 0.1;

  static Tolerances of(HorizontalPodAutoscaler.@Nullable Behavior behavior) {
    return behavior == null
        ? new Tolerances(USUAL, USUAL)
        : new Tolerances(one(behavior.scaleDown()), one(behavior.scaleUp()));
  }

  private static double one(HorizontalPodAutoscaler.@Nullable Rules rules) {
    Quantity own = rules == null ? null : rules.tolerance();
    return own == null ? USUAL : own.amount().doubleValue();
  }

  /** Whether measured to wanted is close enough to one. */
  boolean allow(double ratio) {
    return ratio >= 1 - down && ratio <= 1 + up;
  }
}
