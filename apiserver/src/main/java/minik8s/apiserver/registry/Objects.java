package minik8s.apiserver.registry;

import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the store by object, and the loop that every compare-and-swap shares.
 *
 * <p>Thread-safe.
 */
final class Objects {
  /** Source: client-go's and apiserver's own limits for patches. */
  private static final int RACES = 5;

  private final Store store;
  private final StorePaths paths;
  private final WatchCache cache;

  Objects(Store store, StorePaths paths, WatchCache cache) {
    this.store = store;
    this.paths = paths;
    this.cache = cache;
  }

  /**
   * One try to change an object; a failure that rests on stale knowledge is tried again on fresh.
   */
  @FunctionalInterface
  interface Attempt {
    /** Works on what was seen; {@code fresh} says whether it was read from the store itself. */
    Written on(Entry seen, boolean fresh);
  }

  /** Thrown by an attempt that would change nothing, to make sure that it looked at the present. */
  static final class Unchanged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unchanged() {
      super("unchanged", null, false, false);
    }
  }

  String key(Kind kind, String namespace, String name) {
    return paths.key(Folders.of(kind), namespace, name);
  }

  /** Stores a new object; throws {@link StoreException.Exists}. */
  CachedObject create(Kind kind, String namespace, String name, byte[] document) {
    Entry made = store.create(key(kind, namespace, name), document);
    return cached(made);
  }

  CachedObject replace(Entry seen, byte[] document) {
    return cached(store.replace(seen, document));
  }

  /** Replaces a counter: the same next value, written by somebody else, is a lost race. */
  CachedObject replaceCounter(Entry seen, byte[] document) {
    return cached(store.replaceStrictly(seen, document));
  }

  long delete(Entry seen) {
    return store.delete(seen);
  }

  CachedObject cached(Entry entry) {
    StorePaths.Place place = paths.place(entry.key());
    return CachedObject.of(
        place == null ? entry.key() : place.relative(), entry.value(), entry.revision());
  }

  /**
   * Tries on what the cache holds, and after a lost race or a refusal on what the store holds.
   *
   * @param retryRaces whether a lost race may be fought again; otherwise it is a Conflict
   */
  Written change(Target target, boolean retryRaces, Attempt attempt) {
    Entry seen = fromCache(target);
    boolean fresh = seen == null;
    int races = 0;
    try {
      seen = fresh ? store.get(key(target)) : seen;
      while (true) {
        if (seen == null) {
          throw Failure.notFound(target.kind().group(), target.kind().plural(), target.name())
              .asException();
        }
        try {
          return attempt.on(seen, fresh);
        } catch (ApiException | Unchanged e) {
          if (fresh) {
            throw e;
          }
          seen = store.get(key(target));
          fresh = true;
        } catch (StoreException.Changed e) {
          if (fresh && (!retryRaces || ++races > RACES)) {
            throw Failure.modified(target.kind().group(), target.kind().plural(), target.name())
                .asException();
          }
          seen = e.current();
          fresh = true;
        }
      }
    } catch (StoreException e) {
      throw StoreFailures.translate(e);
    }
  }

  private String key(Target target) {
    return key(target.kind(), target.namespace(), target.name());
  }

  private @Nullable Entry fromCache(Target target) {
    CachedObject known =
        cache.newest(
            Folders.of(target.kind()), StorePaths.relative(target.namespace(), target.name()));
    return known == null ? null : new Entry(key(target), known.stored(), known.revision());
  }
}
