package minik8s.controller.nodelifecycle;

import java.time.Duration;
import java.time.Instant;

/** How fast nodes may begin to lose their pods. Thread-safe. */
final class EvictionPace {
  private final Duration gap;
  private Instant next = Instant.EPOCH;

  /**
   * @param perSecond nodes per second, such as 0.1
   */
  EvictionPace(double perSecond) {
    this.gap =
        perSecond <= 0 ? Duration.ofDays(1) : Duration.ofMillis(Math.round(1000 / perSecond));
  }

  /** How long a node has to wait for its turn; zero means that the turn is taken. */
  synchronized Duration turn(Instant now) {
    if (now.isBefore(next)) {
      return Duration.between(now, next);
    }
    next = now.plus(gap);
    return Duration.ZERO;
  }
}
