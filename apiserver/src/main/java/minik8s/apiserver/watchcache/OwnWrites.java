package minik8s.apiserver.watchcache;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import minik8s.apiserver.store.StoreEvent;
import org.jspecify.annotations.Nullable;

/**
 * This server's own writes that the watch has not told of yet.
 *
 * <p>Thread-safe. Invariant: of each key the newest write is held until the cache has passed its
 * revision, so a reader that looks here first and into the cache after it misses none.
 */
final class OwnWrites {
  private final ConcurrentMap<String, StoreEvent> pending = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /**
   * Takes in a write.
   *
   * @param applied how far the cache is; read after the write is in
   */
  void add(StoreEvent write, LongSupplier applied) {
    last.accumulateAndGet(write.revision(), Math::max);
    pending.merge(write.key(), write, (a, b) -> a.revision() > b.revision() ? a : b);
    forget(write.key(), applied.getAsLong());
  }

  /** The newest write of a key, or null when the cache has it or something newer. */
  @Nullable StoreEvent find(String key) {
    return pending.get(key);
  }

  /** The revision of the newest write ever, 0 for none. */
  long last() {
    return last.get();
  }

  /** The cache has applied these events and everything before. */
  void passed(List<StoreEvent> events, long applied) {
    events.forEach(event -> forget(event.key(), applied));
  }

  /** The cache was read anew, as of a revision. */
  void passed(long applied) {
    pending.keySet().forEach(key -> forget(key, applied));
  }

  private void forget(String key, long applied) {
    pending.computeIfPresent(key, (_, write) -> write.revision() <= applied ? null : write);
  }
}
