package minik8s.apiserver.watchcache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Page;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreEvent;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StoreListener;
import minik8s.apiserver.store.StorePaths;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the whole store holds, kept up to date by one watch: the place that lists and watches are
 * served from.
 *
 * <p>Thread-safe for readers; changes are applied by one serial loop ({@link #step}). One watch
 * feeds all resources, so one number, {@link #revision}, says how far every one of them is.
 */
public final class WatchCache implements StoreListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WatchCache.class);

  /** How far back the history of a started cache reaches, if the store still holds it. */
  private static final long REPLAY = 10_000;

  /** A watch that stays silent for so long while the store moves on is opened anew. */
  private static final Duration STALLED = Duration.ofSeconds(3);

  private sealed interface Input {
    record Changed(List<StoreEvent> events, long revision) implements Input {}

    record Lost() implements Input {}

    record Stop() implements Input {}
  }

  private final Store store;
  private final StorePaths paths;
  private final String members;
  private final Sharing sharing;
  private final RevisionBarrier barrier;
  private final OwnWrites own = new OwnWrites();
  private final Map<String, ResourceCache> resources = new ConcurrentHashMap<>();
  private final BlockingQueue<Input> inbox = new LinkedBlockingQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private volatile long applied;
  private volatile long base;
  private volatile boolean loaded;
  private Store.@Nullable Subscription subscription;

  /** A cache of a store that others may write to at any time. */
  public WatchCache(Store store, StorePaths paths) {
    this(store, paths, Sharing.UNKNOWN);
  }

  /** A cache that knows nothing until {@link #load}. */
  public WatchCache(Store store, StorePaths paths, Sharing sharing) {
    this.store = store;
    this.paths = paths;
    this.members = paths.prefix(StorePaths.MEMBERS, "");
    this.sharing = sharing;
    this.barrier = new RevisionBarrier(store::revision);
  }

  /** Reads the store and opens the watch; the loop must run for {@link #revision} to move. */
  public void load() {
    long now = store.revision();
    long oldest = store.oldestRevision(Math.max(1, now - REPLAY));
    Page page = store.list(paths.root(), 0, null, oldest);
    Map<String, List<CachedObject>> listed = new HashMap<>();
    for (Entry entry : page.entries()) {
      StorePaths.Place place = place(entry.key());
      if (place != null) {
        listed
            .computeIfAbsent(place.folder(), _ -> new ArrayList<>())
            .add(CachedObject.of(place.relative(), entry.value(), entry.revision()));
      }
    }
    base = oldest;
    listed.keySet().forEach(this::resource);
    resources.forEach(
        (folder, cache) -> cache.reset(listed.getOrDefault(folder, List.of()), oldest));
    advance(oldest);
    own.passed(oldest);
    subscribe();
    loaded = true;
    log.info(
        "cache holds {} objects from revision {} on, store is at {}",
        page.entries().size(),
        oldest,
        now);
  }

  private void subscribe() {
    lock.lock();
    try {
      Store.Subscription old = subscription;
      if (old != null) {
        old.close();
      }
      subscription = store.watch(applied + 1, this);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the store has been read. */
  public boolean loaded() {
    return loaded;
  }

  /** The cache of one resource by its folder; made empty when nothing is stored there yet. */
  public ResourceCache resource(String folder) {
    return resources.computeIfAbsent(folder, _ -> new ResourceCache(base, () -> applied));
  }

  /** The revision up to which every resource is applied. */
  public long revision() {
    return applied;
  }

  /**
   * Whether {@link #newest} is now as good as a look into the store: while this is the only server,
   * nothing is written that it does not know of.
   */
  public boolean complete() {
    return loaded && sharing.alone(applied);
  }

  /** Tells of a write of this server, before anybody else is told that it has happened. */
  public void wrote(StoreEvent write) {
    own.add(write, () -> applied);
  }

  /** One object as of this server's own writes and of what the watch has told, or null. */
  public @Nullable CachedObject newest(String folder, String relative) {
    ResourceCache resource = resource(folder);
    StoreEvent write = own.find(paths.root() + folder + "/" + relative);
    if (write == null || write.revision() <= resource.currentRevision()) {
      return resource.get(relative);
    }
    byte[] value = write.value();
    return value == null ? null : CachedObject.of(relative, value, write.revision());
  }

  /**
   * Waits until the cache shows everything that was written, by whichever server, before this call.
   *
   * @throws StoreException.Unavailable when the store or its watch does not answer
   */
  public void awaitCurrent() {
    long wanted = complete() ? own.last() : barrier.revision();
    sharing.awaitPresent();
    if (applied < wanted && !await(wanted, STALLED)) {
      log.warn(
          "watch is silent at revision {} while the store is at {}: opening it again",
          applied,
          wanted);
      subscribe();
      if (!await(wanted, STALLED)) {
        throw new StoreException.Unavailable("the watch cache is behind etcd", null);
      }
    }
  }

  /** Waits until the cache has reached a revision; false when it has not in time. */
  public boolean await(long wanted, Duration patience) {
    long nanos = patience.toNanos();
    lock.lock();
    try {
      while (applied < wanted) {
        if (nanos <= 0) {
          return false;
        }
        nanos = advanced.awaitNanos(nanos);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Applies the next batch of changes; false when the cache was closed. */
  public boolean step() throws InterruptedException {
    switch (inbox.take()) {
      case Input.Changed(List<StoreEvent> events, long revision) -> apply(events, revision);
      case Input.Lost() -> reload();
      case Input.Stop() -> {
        return false;
      }
    }
    return true;
  }

  /** Applies what is waiting without waiting for more, for tests and simulation. */
  public void drain() throws InterruptedException {
    while (!inbox.isEmpty()) {
      step();
    }
  }

  private void reload() throws InterruptedException {
    log.warn("changes after revision {} are compacted: reading the store again", applied);
    while (true) {
      awaitPresent();
      try {
        load();
        return;
      } catch (StoreException e) {
        log.warn("cannot read the store: {}", e.getMessage());
        if (inbox.poll(1, TimeUnit.SECONDS) instanceof Input.Stop stop) {
          inbox.add(stop);
          return;
        }
      }
    }
  }

  /** What others could not see yet stays hidden, however long that takes. */
  private void awaitPresent() throws InterruptedException {
    while (true) {
      try {
        sharing.awaitPresent();
        return;
      } catch (StoreException.Unavailable e) {
        if (Thread.interrupted() || inbox.contains(new Input.Stop())) {
          throw new InterruptedException("stopped");
        }
        log.warn("changes are held back: {}", e.getMessage());
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  private void apply(List<StoreEvent> events, long revision) throws InterruptedException {
    awaitPresent();
    Map<String, List<ResourceCache.Change>> changes = new HashMap<>();
    for (StoreEvent event : events) {
      StorePaths.Place place = event.revision() <= applied ? null : place(event.key());
      if (place != null) {
        changes
            .computeIfAbsent(place.folder(), _ -> new ArrayList<>())
            .add(new ResourceCache.Change(place.relative(), event));
      }
    }
    changes.forEach((folder, list) -> resource(folder).apply(list));
    advance(revision);
    own.passed(events, revision);
    if (events.stream().anyMatch(event -> event.key().startsWith(members))) {
      sharing.membersChanged();
    }
  }

  /** Claims of addresses and ports are no objects, nor are servers; nobody lists them. */
  private StorePaths.@Nullable Place place(String key) {
    StorePaths.Place place = paths.place(key);
    return place == null
            || place.folder().equals(StorePaths.CLAIMS)
            || place.folder().equals(StorePaths.MEMBERS)
        ? null
        : place;
  }

  private void advance(long revision) {
    lock.lock();
    try {
      applied = Math.max(applied, revision);
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void changed(List<StoreEvent> events, long revision) {
    inbox.add(new Input.Changed(events, revision));
  }

  @Override
  public void lost(long compactedRevision) {
    inbox.add(new Input.Lost());
  }

  @Override
  public void close() {
    inbox.add(new Input.Stop());
    resources.values().forEach(ResourceCache::wake);
    Store.Subscription open = subscription;
    if (open != null) {
      open.close();
    }
  }
}
