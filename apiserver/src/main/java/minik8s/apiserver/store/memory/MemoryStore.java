package minik8s.apiserver.store.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Page;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreEvent;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StoreListener;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory with all its history, for tests and simulation.
 *
 * <p>Thread-safe: one lock around everything; listeners are called under it, so they must not
 * write.
 */
public final class MemoryStore implements Store {
  /** The same limit as etcd's default request size. */
  private static final int MAX_BYTES = 1_572_864;

  private final NavigableMap<String, NavigableMap<Long, StoreEvent>> versions = new TreeMap<>();
  private final List<StoreEvent> log = new ArrayList<>();
  private final Map<Object, StoreListener> listeners = new ConcurrentHashMap<>();
  private long revision = 1;
  private long compacted;

  @Override
  public synchronized Entry create(String key, byte[] value) {
    Entry current = present(key, revision);
    if (current != null) {
      throw new StoreException.Exists(current);
    }
    return write(key, value);
  }

  @Override
  public synchronized Entry replace(Entry seen, byte[] value) {
    requireUnchanged(seen);
    return write(seen.key(), value);
  }

  @Override
  public Entry replaceStrictly(Entry seen, byte[] value) {
    return replace(seen, value);
  }

  @Override
  public synchronized long delete(Entry seen) {
    requireUnchanged(seen);
    append(new StoreEvent(seen.key(), null, ++revision));
    return revision;
  }

  @Override
  public synchronized @Nullable Entry get(String key) {
    return present(key, revision);
  }

  @Override
  public synchronized Page list(String prefix, int limit, @Nullable String from, long at) {
    if (at > revision) {
      throw new StoreException.Future(at);
    }
    if (at != 0 && at < compacted) {
      throw new StoreException.Compacted(at);
    }
    long shown = at == 0 ? revision : at;
    List<Entry> page = new ArrayList<>();
    long remaining = 0;
    for (String key : versions.tailMap(from == null ? prefix : from, true).keySet()) {
      if (!key.startsWith(prefix)) {
        break;
      }
      Entry entry = present(key, shown);
      if (entry != null && (limit == 0 || page.size() < limit)) {
        page.add(entry);
      } else if (entry != null) {
        remaining++;
      }
    }
    return new Page(page, shown, remaining);
  }

  @Override
  public synchronized long revision() {
    return revision;
  }

  @Override
  public synchronized long oldestRevision(long atLeast) {
    return Math.max(Math.max(1, compacted), atLeast);
  }

  @Override
  public synchronized Subscription watch(long fromRevision, StoreListener listener) {
    Object id = new Object();
    if (fromRevision <= compacted) {
      listener.lost(compacted);
      return () -> {};
    }
    List<StoreEvent> past = log.stream().filter(event -> event.revision() >= fromRevision).toList();
    if (!past.isEmpty()) {
      listener.changed(past, revision);
    }
    listeners.put(id, listener);
    return () -> listeners.remove(id);
  }

  /** Forgets what only older revisions than this one show, as etcd's compaction does. */
  public synchronized void compact(long at) {
    compacted = at;
    log.removeIf(event -> event.revision() <= at);
  }

  @Override
  public void close() {
    listeners.clear();
  }

  /** Writes whatever was there. */
  synchronized Entry put(String key, byte[] value) {
    return write(key, value);
  }

  /** Deletes whatever is there. */
  synchronized void drop(String key) {
    if (present(key, revision) != null) {
      append(new StoreEvent(key, null, ++revision));
    }
  }

  private Entry write(String key, byte[] value) {
    if (value.length > MAX_BYTES) {
      throw new StoreException.TooLarge(key, value.length);
    }
    append(new StoreEvent(key, value, ++revision));
    return new Entry(key, value, revision);
  }

  private void append(StoreEvent event) {
    versions.computeIfAbsent(event.key(), _ -> new TreeMap<>()).put(event.revision(), event);
    log.add(event);
    listeners.values().forEach(listener -> listener.changed(List.of(event), event.revision()));
  }

  private void requireUnchanged(Entry seen) {
    Entry current = present(seen.key(), revision);
    if (current == null || current.revision() != seen.revision()) {
      throw new StoreException.Changed(seen.key(), current);
    }
  }

  private @Nullable Entry present(String key, long at) {
    NavigableMap<Long, StoreEvent> history = versions.get(key);
    Map.Entry<Long, StoreEvent> last = history == null ? null : history.floorEntry(at);
    byte @Nullable [] value = last == null ? null : last.getValue().value();
    return last == null || value == null ? null : new Entry(key, value, last.getKey());
  }
}
