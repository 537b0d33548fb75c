package minik8s.controller.nodelifecycle;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each node was last heard of, by this process's own clock, so that clocks need not agree.
 * Thread-safe. A node is heard when its lease or its status was renewed.
 */
final class Heartbeats {
  private final InstantSource clock;
  private final Map<String, Instant> heard = new ConcurrentHashMap<>();

  Heartbeats(InstantSource clock) {
    this.clock = clock;
  }

  void hear(String node) {
    heard.put(node, clock.instant());
  }

  /** When the node was last heard; a node never heard of counts from the first question on. */
  Instant last(String node) {
    return heard.computeIfAbsent(node, _ -> clock.instant());
  }

  void forget(String node) {
    heard.remove(node);
  }
}
