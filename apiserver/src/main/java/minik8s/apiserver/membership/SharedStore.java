package minik8s.apiserver.membership;

import java.time.Duration;
import java.util.function.Supplier;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Page;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreEvent;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StoreListener;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;

/**
 * The store for everything that works for clients: before anybody learns of a state, the watch
 * cache knows of it, and so do other servers that could still read an older one from memory.
 *
 * <p>Thread-safe. A write is told to the cache when etcd has it. So is what a lost race or a look
 * into etcd shows: it may be another request's write whose answer is still under way.
 */
public final class SharedStore implements Store {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Store store;
  private final StorePaths paths;
  private final WatchCache cache;
  private final Membership membership;

  /** Writes to {@code store}, which this one closes. */
  public SharedStore(Store store, StorePaths paths, WatchCache cache, Membership membership) {
    this.store = store;
    this.paths = paths;
    this.cache = cache;
    this.membership = membership;
  }

  @Override
  public Entry create(String key, byte[] value) {
    try {
      return written(store.create(key, value));
    } catch (StoreException.Exists e) {
      seen(e.current());
      membership.awaitPresent();
      throw e;
    }
  }

  @Override
  public Entry replace(Entry seen, byte[] value) {
    return written(seen.key(), () -> store.replace(seen, value));
  }

  @Override
  public Entry replaceStrictly(Entry seen, byte[] value) {
    return written(seen.key(), () -> store.replaceStrictly(seen, value));
  }

  @Override
  public long delete(Entry seen) {
    try {
      long revision = store.delete(seen);
      cache.wrote(new StoreEvent(seen.key(), null, revision));
      membership.awaitPresent();
      return revision;
    } catch (StoreException.Changed e) {
      throw lost(e, seen.key());
    }
  }

  @Override
  public @Nullable Entry get(String key) {
    Entry found = store.get(key);
    if (found == null) {
      gone(key);
    } else {
      seen(found);
    }
    membership.awaitPresent();
    return found;
  }

  private Entry written(String key, Supplier<Entry> write) {
    try {
      return written(write.get());
    } catch (StoreException.Changed e) {
      throw lost(e, key);
    }
  }

  private Entry written(Entry entry) {
    seen(entry);
    membership.awaitPresent();
    return entry;
  }

  private void seen(Entry entry) {
    cache.wrote(new StoreEvent(entry.key(), entry.value(), entry.revision()));
  }

  private StoreException.Changed lost(StoreException.Changed race, String key) {
    Entry current = race.current();
    if (current == null) {
      gone(key);
    } else {
      seen(current);
    }
    membership.awaitPresent();
    return race;
  }

  /** Of a deletion that another request made, only the watch tells when. */
  private void gone(String key) {
    StorePaths.Place place = paths.place(key);
    if (place != null && cache.newest(place.folder(), place.relative()) != null) {
      caughtUp(store.revision());
    }
  }

  private void caughtUp(long revision) {
    if (!cache.await(revision, PATIENCE)) {
      throw new StoreException.Unavailable("the watch cache is behind etcd", null);
    }
  }

  @Override
  public Page list(String prefix, int limit, @Nullable String from, long revision) {
    Page page = store.list(prefix, limit, from, revision);
    if (revision == 0) {
      caughtUp(page.revision());
    }
    membership.awaitPresent();
    return page;
  }

  @Override
  public long revision() {
    return store.revision();
  }

  @Override
  public long oldestRevision(long atLeast) {
    return store.oldestRevision(atLeast);
  }

  @Override
  public Subscription watch(long fromRevision, StoreListener listener) {
    return store.watch(fromRevision, listener);
  }

  @Override
  public void close() {
    store.close();
  }
}
