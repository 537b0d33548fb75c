package minik8s.controller.daemonset;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import minik8s.control.Backoff;

/**
 * How long a node rests after a daemon pod failed on it: twice as long each time, from one second
 * to fifteen minutes. Thread-safe. Lost when the process ends; then each node gets one try at once.
 */
final class FailedPods {
  private static final Duration INITIAL = Duration.ofSeconds(1);
  private static final Duration MAX = Duration.ofMinutes(15);

  private record Rest(int failures, Instant until) {}

  private final Map<String, Map<String, Rest>> bySet = new HashMap<>();

  /** How long the node still rests; zero when its next pod may come. */
  synchronized Duration left(String setUid, String node, Instant now) {
    Rest rest = bySet.getOrDefault(setUid, Map.of()).get(node);
    if (rest == null || !rest.until().isAfter(now)) {
      return Duration.ZERO;
    }
    return Duration.between(now, rest.until());
  }

  /** A failed pod was removed. Long after the last failure counting begins anew. */
  synchronized void removed(String setUid, String node, Instant now) {
    Map<String, Rest> nodes = bySet.computeIfAbsent(setUid, _ -> new HashMap<>());
    Rest before = nodes.get(node);
    int failures =
        before == null || before.until().plus(MAX).isBefore(now) ? 1 : before.failures() + 1;
    nodes.put(node, new Rest(failures, now.plus(Backoff.delay(INITIAL, MAX, failures))));
  }

  /** The set is gone. */
  synchronized void forget(String setUid) {
    bySet.remove(setUid);
  }
}
