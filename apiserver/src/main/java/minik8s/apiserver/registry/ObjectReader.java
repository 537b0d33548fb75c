package minik8s.apiserver.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Page;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.Cursor;
import minik8s.apiserver.watchcache.ExpiredException;
import minik8s.apiserver.watchcache.ResourceCache;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;

/**
 * Get, list and the start of a watch.
 *
 * <p>Thread-safe. Lists and watches come from the watch cache once it has caught up with the
 * store's revision; single objects from the store, or from the cache while this server alone writes
 * to it; the past comes from the store.
 */
public final class ObjectReader {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Store store;
  private final StorePaths paths;
  private final WatchCache cache;

  /** Reads through {@code cache}, and from {@code store} what the cache has forgotten. */
  public ObjectReader(Store store, StorePaths paths, WatchCache cache) {
    this.store = store;
    this.paths = paths;
    this.cache = cache;
  }

  /**
   * A list and the changes after it.
   *
   * @param initial what to tell first
   * @param revision what {@code initial} shows, or the asked revision
   * @param cursor the changes after that
   */
  public record WatchStart(List<CachedObject> initial, long revision, Cursor cursor) {}

  /** One object; a null revision means the newest. */
  public CachedObject get(Kind kind, String namespace, String name, @Nullable Long revision) {
    CachedObject found =
        revision == null
            ? newest(kind, namespace, name)
            : atLeast(kind, StorePaths.relative(namespace, name), revision);
    if (found == null) {
      throw Failure.notFound(kind.group(), kind.plural(), name).asException();
    }
    return found;
  }

  private @Nullable CachedObject newest(Kind kind, String namespace, String name) {
    String folder = Folders.of(kind);
    if (cache.complete()) {
      return cache.newest(folder, StorePaths.relative(namespace, name));
    }
    try {
      Entry entry = store.get(paths.key(folder, namespace, name));
      return entry == null ? null : object(entry);
    } catch (StoreException e) {
      throw StoreFailures.translate(e);
    }
  }

  private @Nullable CachedObject atLeast(Kind kind, String relative, long revision) {
    catchUp(revision);
    return resource(kind).get(relative);
  }

  /** Lists by {@code query}. */
  public Listing list(Kind kind, ListQuery query) {
    try {
      String continuation = query.continuation();
      if (continuation != null) {
        return nextPage(kind, query, ContinueToken.parse(continuation));
      }
      Long revision = query.revision();
      if (query.exact() && revision != null) {
        return fromStore(kind, query, paths.prefix(Folders.of(kind), query.namespace()), revision);
      }
      catchUp(revision);
      return fromCache(kind, query);
    } catch (StoreException e) {
      throw StoreFailures.translate(e);
    }
  }

  private Listing nextPage(Kind kind, ListQuery query, ContinueToken token) {
    if (query.revision() != null && query.revision() != 0) {
      throw Failure.badRequest("specifying resource version is not allowed when using continue")
          .asException();
    }
    String prefix = paths.prefix(Folders.of(kind), query.namespace());
    try {
      return fromStore(kind, query, prefix + token.start(), Math.max(0, token.revision()));
    } catch (StoreException.Compacted e) {
      throw Failure.expired(
              "The provided continue parameter is too old to display a consistent list result. You"
                  + " can start a new list without the continue parameter.")
          .asException();
    }
  }

  private Listing fromCache(Kind kind, ListQuery query) {
    ResourceCache.Snapshot snapshot = resource(kind).snapshot(query.namespace());
    List<CachedObject> all = snapshot.objects();
    int limit = query.limit() == 0 ? Integer.MAX_VALUE : query.limit();
    if (!query.selective() && all.size() <= limit) {
      return new Listing(all, snapshot.revision(), null, null);
    }
    List<CachedObject> page = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (query.selector().test(all.get(i))) {
        page.add(all.get(i));
      }
      if (page.size() == limit && i + 1 < all.size()) {
        long left = (long) all.size() - i - 1;
        return page(query, page, snapshot.revision(), all.get(i).relative(), left);
      }
    }
    return new Listing(page, snapshot.revision(), null, null);
  }

  private Listing fromStore(Kind kind, ListQuery query, String start, long revision) {
    String prefix = paths.prefix(Folders.of(kind), query.namespace());
    String from = start;
    long shown = revision;
    List<CachedObject> page = new ArrayList<>();
    while (true) {
      Page read =
          store.list(prefix, query.limit() == 0 ? 0 : Math.max(query.limit(), 100), from, shown);
      shown = read.revision();
      for (int i = 0; i < read.entries().size(); i++) {
        CachedObject object = object(read.entries().get(i));
        if (query.selector().test(object)) {
          page.add(object);
        }
        long left = read.remaining() + read.entries().size() - i - 1;
        if (page.size() == query.limit() && left > 0) {
          return page(query, page, shown, object.relative(), left);
        }
      }
      if (read.remaining() == 0) {
        return new Listing(page, shown, null, null);
      }
      from = read.entries().getLast().key() + "\0";
    }
  }

  private static Listing page(
      ListQuery query, List<CachedObject> page, long revision, String last, long left) {
    String start =
        query.namespace().isEmpty() ? last : last.substring(query.namespace().length() + 1);
    String token = new ContinueToken(revision, start + "\0").text();
    return new Listing(page, revision, token, query.selective() ? null : left);
  }

  private CachedObject object(Entry entry) {
    StorePaths.Place place = paths.place(entry.key());
    if (place == null) {
      throw new IllegalStateException("foreign key " + entry.key() + " under our own prefix");
    }
    return CachedObject.of(place.relative(), entry.value(), entry.revision());
  }

  /** Begins a watch with all present objects, which {@code query} selects. */
  public WatchStart watchFromNow(Kind kind, ListQuery query) {
    catchUp(query.revision());
    ResourceCache resource = resource(kind);
    ResourceCache.Snapshot snapshot = resource.snapshot(query.namespace());
    List<CachedObject> initial = snapshot.objects().stream().filter(query.selector()).toList();
    return new WatchStart(initial, snapshot.revision(), resource.after(snapshot));
  }

  /** Begins a watch with the changes after a revision; throws {@link ExpiredException}. */
  public WatchStart watchFrom(Kind kind, long revision) {
    return new WatchStart(List.of(), revision, resource(kind).after(revision));
  }

  private void catchUp(@Nullable Long revision) {
    try {
      if (revision == null) {
        cache.awaitCurrent();
      } else if (!cache.await(revision, PATIENCE)) {
        throw tooLarge(revision, cache.revision()).asException();
      }
    } catch (StoreException e) {
      throw StoreFailures.translate(e);
    }
  }

  private static Failure tooLarge(long revision, long current) {
    String text = "Too large resource version: " + revision + ", current: " + current;
    Failure.Cause cause =
        new Failure.Cause("ResourceVersionTooLarge", "Too large resource version", "");
    return new Failure(Failure.Reason.Timeout, "Timeout: " + text, "", "", "", List.of(cause), 1);
  }

  private ResourceCache resource(Kind kind) {
    return cache.resource(Folders.of(kind));
  }
}
