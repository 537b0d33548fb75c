package minik8s.apiserver.watchcache;

import java.time.Duration;
import java.util.List;

/** One reader's place in a resource's changes. Confined to the watcher's thread. */
public final class Cursor {
  private static final int MOST = 256;

  private final ResourceCache cache;
  private long position;
  private long revision;

  Cursor(ResourceCache cache, long position, long revision) {
    this.cache = cache;
    this.position = position;
    this.revision = revision;
  }

  /**
   * Takes the next changes, waiting for the first one at most {@code patience}; may return none
   * earlier.
   *
   * @throws ExpiredException when the reader was too slow and changes are lost to it
   */
  public List<CacheEvent> next(Duration patience) {
    List<CacheEvent> events = read();
    if (events.isEmpty() && patience.isPositive()) {
      cache.sleep(position, patience.toNanos());
      events = read();
    }
    return events;
  }

  private List<CacheEvent> read() {
    List<CacheEvent> events = cache.read(position, MOST, now -> revision = Math.max(revision, now));
    position += events.size();
    return events;
  }

  /** The revision up to which this reader has seen everything; what a bookmark says. */
  public long revision() {
    return revision;
  }
}
