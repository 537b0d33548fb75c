package minik8s.apiserver.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Members;
import minik8s.apiserver.store.StoreException;

/**
 * Members of a store in memory, for tests. A lease ends when {@link #expire} says so, or {@link
 * #advance} has passed its time.
 *
 * <p>Thread-safe: one lock around everything.
 */
public final class MemoryMembers implements Members {
  private static final class Held {
    private final Duration length;
    private final Set<String> keys = new HashSet<>();
    private Duration end;

    Held(Duration length, Duration end) {
      this.length = length;
      this.end = end;
    }
  }

  private final MemoryStore store;
  private final Map<Long, Held> leases = new TreeMap<>();
  private Duration now = Duration.ZERO;
  private long last;

  /** Servers that share {@code store}. */
  public MemoryMembers(MemoryStore store) {
    this.store = store;
  }

  @Override
  public synchronized long lease(Duration length) {
    leases.put(++last, new Held(length, now.plus(length)));
    return last;
  }

  @Override
  public synchronized boolean renew(long lease) {
    Held held = leases.get(lease);
    if (held == null) {
      return false;
    }
    held.end = now.plus(held.length);
    return true;
  }

  @Override
  public void release(long lease) {
    expire(lease);
  }

  @Override
  public synchronized List<Entry> announce(String folder, String key, byte[] value, long lease) {
    var _ = put(key, value, lease);
    return store.list(folder, 0, null, 0).entries();
  }

  @Override
  public synchronized long claim(
      String folder, String key, byte[] value, long lease, long created) {
    List<Entry> all = store.list(folder, 0, null, 0).entries();
    boolean only = all.size() == 1 && all.getFirst().key().equals(key);
    return only ? put(key, value, lease).revision() : 0;
  }

  private Entry put(String key, byte[] value, long lease) {
    Held held = leases.get(lease);
    if (held == null) {
      throw new StoreException.Unavailable("requested lease not found", null);
    }
    held.keys.add(key);
    return store.put(key, value);
  }

  /** Lets time go by; leases whose time is over end. */
  public synchronized void advance(Duration time) {
    now = now.plus(time);
    List<Long> over = new ArrayList<>();
    leases.forEach((lease, held) -> {
      if (held.end.compareTo(now) <= 0) {
        over.add(lease);
      }
    });
    over.forEach(this::expire);
  }

  /** Ends a lease now, if there is one. */
  public synchronized void expire(long lease) {
    Held held = leases.remove(lease);
    if (held != null) {
      held.keys.forEach(store::drop);
    }
  }
}
