package minik8s.apiserver.watchcache;

import java.util.ArrayList;
import java.util.List;

/**
 * The last changes of one resource, in revision order and bounded by number and by weight. Confined
 * to its cache's lock.
 */
final class History {
  /** Kept whatever they weigh. */
  private static final int LEAST = 1_000;

  private static final int MOST = 100_000;
  private static final long MOST_BYTES = 8L << 20;

  private CacheEvent[] ring = new CacheEvent[16];
  private long first;
  private long end;
  private long bytes;

  /** Every change above this revision is held. */
  private long start;

  History(long start) {
    this.start = start;
  }

  /** The position behind the newest change. */
  long end() {
    return end;
  }

  void add(CacheEvent event) {
    if (end - first == ring.length) {
      grow();
    }
    ring[slot(end)] = event;
    end++;
    bytes += event.weight();
    while (end - first > MOST || (end - first > LEAST && bytes > MOST_BYTES)) {
      dropFirst();
    }
  }

  /** The position of the first change above {@code revision}. */
  long positionAfter(long revision) {
    if (revision < start) {
      throw new ExpiredException(revision, start);
    }
    long low = first;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (ring[slot(middle)].revision() > revision) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  List<CacheEvent> read(long position, int most) {
    if (position < first) {
      throw new ExpiredException(0, start);
    }
    int count = (int) Math.min(most, end - position);
    List<CacheEvent> events = new ArrayList<>(count);
    for (long i = position; i < position + count; i++) {
      events.add(ring[slot(i)]);
    }
    return events;
  }

  void reset(long revision) {
    ring = new CacheEvent[16];
    end++; // Nobody who was at the old end may go on unnoticed.
    first = end;
    bytes = 0;
    start = revision;
  }

  private void dropFirst() {
    CacheEvent oldest = ring[slot(first)];
    bytes -= oldest.weight();
    start = oldest.revision();
    clear(slot(first));
    first++;
  }

  @SuppressWarnings("NullAway") // An emptied slot is never read: reads stay between first and end.
  private void clear(int slot) {
    ring[slot] = null;
  }

  private void grow() {
    CacheEvent[] larger = new CacheEvent[ring.length * 2];
    for (long i = first; i < end; i++) {
      larger[(int) (i & (larger.length - 1))] = ring[slot(i)];
    }
    ring = larger;
  }

  private int slot(long position) {
    return (int) (position & (ring.length - 1));
  }
}
