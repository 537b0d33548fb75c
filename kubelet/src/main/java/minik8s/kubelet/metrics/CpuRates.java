package minik8s.kubelet.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How fast processor time is being used, from what was seen before. Thread-safe. Two looks make a
 * rate; a look that follows too soon is compared with an earlier one.
 */
final class CpuRates {
  /** Shorter spans say more about the moment of reading than about the use. */
  static final Duration SPAN = Duration.ofSeconds(5);

  private final Map<String, Look> older = new HashMap<>();
  private final Map<String, Look> newer = new HashMap<>();

  private record Look(Instant at, long nanos) {}

  /**
   * Billionths of a core in use, once two looks are {@link #SPAN} apart.
   *
   * @param key whose use it is
   * @param nanos used until now
   */
  synchronized OptionalLong rate(String key, Instant at, long nanos) {
    Look now = new Look(at, nanos);
    Look last = newer.get(key);
    if (last == null || nanos < last.nanos()) {
      newer.put(key, now);
      older.remove(key);
      return OptionalLong.empty();
    }
    if (!at.isBefore(last.at().plus(SPAN))) {
      older.put(key, last);
      newer.put(key, now);
    }
    Look base = older.get(key);
    if (base == null) {
      return OptionalLong.empty();
    }
    long span = Duration.between(base.at(), at).toNanos();
    return OptionalLong.of((long) ((nanos - base.nanos()) * 1e9 / span));
  }

  /** Forgets all others. */
  synchronized void retain(Set<String> keys) {
    older.keySet().retainAll(keys);
    newer.keySet().retainAll(keys);
  }
}
