package minik8s.controller.nodelifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import minik8s.api.Node;

/**
 * How fast nodes may begin to lose their pods: a few at a time, and none at all while every node is
 * down, for then the fault is more likely here than there. Thread-safe.
 */
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

  /** Whether no node at all is well. */
  static boolean disrupted(Collection<Node> nodes) {
    return nodes.stream().noneMatch(Node::ready);
  }
}
