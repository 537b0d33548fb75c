package minik8s.apiserver.watchcache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import minik8s.apiserver.store.StoreEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One resource's present objects and the changes that led to them.
 *
 * <p>Thread-safe: one lock, held for as long as it takes to copy references. Written by the loop of
 * {@link WatchCache} alone.
 *
 * <p>Invariants: the history holds every change with a revision above {@code historyStart};
 * positions are numbers of changes since the cache began, so a reader at position p has seen all
 * changes before p.
 */
public final class ResourceCache {
  private static final Logger log = LoggerFactory.getLogger(ResourceCache.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<String, CachedObject> objects = new TreeMap<>();
  private final History history;
  private final Set<Thread> sleepers = ConcurrentHashMap.newKeySet();
  private final LongSupplier applied;
  private long lastRevision;

  ResourceCache(long start, LongSupplier applied) {
    this.history = new History(start);
    this.lastRevision = start;
    this.applied = applied;
  }

  /**
   * The objects of a resource at one moment. Immutable.
   *
   * @param objects in key order
   * @param revision the revision that the list shows
   * @param position where to read changes from
   */
  public record Snapshot(List<CachedObject> objects, long revision, long position) {}

  /** All objects of a namespace, or of all namespaces when it is empty. */
  public Snapshot snapshot(String namespace) {
    lock.lock();
    try {
      Collection<CachedObject> wanted =
          namespace.isEmpty()
              ? objects.values()
              : objects.subMap(namespace + "/", namespace + "0").values();
      return new Snapshot(List.copyOf(wanted), revision(), history.end());
    } finally {
      lock.unlock();
    }
  }

  /** How many objects there are. */
  public int size() {
    lock.lock();
    try {
      return objects.size();
    } finally {
      lock.unlock();
    }
  }

  /** One object, or null. */
  public @Nullable CachedObject get(String relative) {
    lock.lock();
    try {
      return objects.get(relative);
    } finally {
      lock.unlock();
    }
  }

  /** The revision that this resource is at, at least. */
  public long currentRevision() {
    lock.lock();
    try {
      return revision();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A reader of the changes after {@code revision}; throws {@link ExpiredException} when they are
   * no longer held.
   */
  public Cursor after(long revision) {
    lock.lock();
    try {
      return new Cursor(this, history.positionAfter(revision), revision());
    } finally {
      lock.unlock();
    }
  }

  /** A reader of the changes after a snapshot was taken. */
  public Cursor after(Snapshot snapshot) {
    return new Cursor(this, snapshot.position(), snapshot.revision());
  }

  /** Copies changes from a position on, and says which revision the reader has then seen. */
  List<CacheEvent> read(long position, int most, UnaryOperator<Long> seen) {
    lock.lock();
    try {
      List<CacheEvent> events = history.read(position, most);
      boolean all = position + events.size() == history.end();
      var _ = seen.apply(all ? revision() : events.getLast().revision());
      return events;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Parks the calling thread until a change may have come after {@code position}, or for {@code
   * nanos}.
   */
  void sleep(long position, long nanos) {
    Thread self = Thread.currentThread();
    sleepers.add(self);
    try {
      if (end() == position) {
        LockSupport.parkNanos(this, nanos);
      }
    } finally {
      sleepers.remove(self);
    }
  }

  /** Lets sleeping readers look around. */
  void wake() {
    sleepers.forEach(LockSupport::unpark);
  }

  /** Takes in changes of this resource, all of them at once for one revision. */
  void apply(List<Change> changes) {
    lock.lock();
    try {
      changes.forEach(this::apply);
    } finally {
      lock.unlock();
    }
    sleepers.forEach(LockSupport::unpark);
  }

  private void apply(Change change) {
    byte[] value = change.event().value();
    long revision = change.event().revision();
    CachedObject now = value == null ? null : read(change.relative(), value, revision);
    CachedObject before =
        now == null ? objects.remove(change.relative()) : objects.put(change.relative(), now);
    lastRevision = revision;
    if (now != null || before != null) {
      history.add(new CacheEvent(revision, now, before));
    }
  }

  /** What no API server wrote is no object, and must not stop those behind it. */
  private static @Nullable CachedObject read(String relative, byte[] value, long revision) {
    try {
      return CachedObject.of(relative, value, revision);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      log.warn("{} at revision {} is no object: {}", relative, revision, e.getMessage());
      return null;
    }
  }

  /** Begins again from a list; every reader finds its position expired. */
  void reset(Collection<CachedObject> listed, long revision) {
    lock.lock();
    try {
      objects.clear();
      listed.forEach(object -> objects.put(object.relative(), object));
      history.reset(revision);
      lastRevision = revision;
    } finally {
      lock.unlock();
    }
    sleepers.forEach(LockSupport::unpark);
  }

  private long end() {
    lock.lock();
    try {
      return history.end();
    } finally {
      lock.unlock();
    }
  }

  private long revision() {
    return Math.max(lastRevision, applied.getAsLong());
  }

  /** The names of all objects, for diagnosis. */
  List<String> names() {
    lock.lock();
    try {
      return new ArrayList<>(objects.keySet());
    } finally {
      lock.unlock();
    }
  }

  /**
   * A store event with its key taken apart. Immutable.
   *
   * @param relative the key in this resource
   * @param event what happened
   */
  record Change(String relative, StoreEvent event) {}
}
