package minik8s.control;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Growing pauses per key: the first failure waits {@code initial}, each further one twice as long,
 * up to {@code max}. Thread-safe.
 */
public final class Backoff<K> {
  private final Duration initial;
  private final Duration max;
  private final Map<K, Integer> failures = new ConcurrentHashMap<>();

  public Backoff(Duration initial, Duration max) {
    this.initial = initial;
    this.max = max;
  }

  /** Counts one more failure of the key and says how long to wait. */
  public Duration next(K key) {
    int count = failures.merge(key, 1, Integer::sum);
    return delay(initial, max, count);
  }

  /** How often the key has failed in a row. */
  public int failures(K key) {
    return failures.getOrDefault(key, 0);
  }

  /** The key succeeded: forget its failures. */
  public void reset(K key) {
    failures.remove(key);
  }

  /** The pause after {@code failures} failures in a row; zero failures wait not at all. */
  public static Duration delay(Duration initial, Duration max, int failures) {
    if (failures <= 0) {
      return Duration.ZERO;
    }
    int doublings = Math.min(failures - 1, 30);
    Duration grown = initial.multipliedBy(1L << doublings);
    return grown.compareTo(max) > 0 ? max : grown;
  }
}
