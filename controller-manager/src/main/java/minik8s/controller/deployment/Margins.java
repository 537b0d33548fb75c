package minik8s.controller.deployment;

import minik8s.api.Deployment;
import minik8s.api.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * How far a rollout may leave the wanted number of pods. Immutable.
 *
 * <p>Source: Kubernetes' {@code ResolveFenceposts}: surge rounds up, unavailability rounds down,
 * and since both at zero would stop every rollout, unavailability is then one.
 *
 * @param surge pods above the wanted number
 * @param unavailable pods that may be missing from it
 */
record Margins(int surge, int unavailable) {
  private static final IntOrString QUARTER = new IntOrString.Text("25%");

  static Margins of(Deployment.Spec spec) {
    Deployment.Strategy strategy = spec.strategy();
    if (strategy != null && strategy.type().equals("Recreate")) {
      return new Margins(0, 0);
    }
    Deployment.RollingUpdate rolling = strategy == null ? null : strategy.rollingUpdate();
    int wanted = spec.wanted();
    int surge = scaled(rolling == null ? null : rolling.maxSurge(), wanted, true);
    int unavailable = scaled(rolling == null ? null : rolling.maxUnavailable(), wanted, false);
    if (surge == 0 && unavailable == 0) {
      unavailable = 1;
    }
    return new Margins(surge, Math.min(unavailable, wanted));
  }

  private static int scaled(@Nullable IntOrString value, int wanted, boolean roundUp) {
    return (value == null ? QUARTER : value).scaled(wanted, roundUp);
  }
}
