package minik8s.controller.daemonset;

import minik8s.api.DaemonSet;
import minik8s.api.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * How many nodes a rollout may disturb at once. Immutable.
 *
 * @param surge nodes that may have two pods; zero means that old pods go first
 * @param unavailable nodes that may lack an available pod; zero when there is surge
 */
record Margins(int surge, int unavailable) {
  /**
   * @param desired how many nodes shall have a pod; percentages of it round up
   */
  static Margins of(DaemonSet set, int desired) {
    DaemonSet.UpdateStrategy strategy = set.spec().updateStrategy();
    DaemonSet.RollingUpdate rolling = strategy == null ? null : strategy.rollingUpdate();
    int surge = scaled(rolling == null ? null : rolling.maxSurge(), 0, desired);
    int unavailable = scaled(rolling == null ? null : rolling.maxUnavailable(), 1, desired);
    return surge > 0 ? new Margins(surge, 0) : new Margins(0, Math.max(1, unavailable));
  }

  private static int scaled(@Nullable IntOrString value, int absent, int desired) {
    return value == null ? absent : value.scaled(desired, true);
  }

  /** Whether the set's strategy lets two pods be on one node. */
  static boolean surges(DaemonSet set) {
    return of(set, 1).surge() > 0;
  }

  static boolean rolls(DaemonSet set) {
    DaemonSet.UpdateStrategy strategy = set.spec().updateStrategy();
    return strategy == null || strategy.type().equals("RollingUpdate");
  }
}
