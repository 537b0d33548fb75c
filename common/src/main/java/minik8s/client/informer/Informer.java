package minik8s.client.informer;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.WatchEvent;
import org.jspecify.annotations.Nullable;

/**
 * A local cache that follows one kind and tells handlers of every change. Reads are thread-safe;
 * {@link #replace} and {@link #apply} belong to the one thread that feeds it, and handlers run on
 * that thread, so they only take notes (typically: put a key on a queue).
 *
 * <p>Handlers are told of changes after the cache holds them. A relist reports what changed in
 * between as if watched, deletions included, so no handler misses a deletion.
 */
public final class Informer<T extends KubeObject> {
  /** Told of a change: {@code old} is null for a new object, {@code now} for a deleted one. */
  @FunctionalInterface
  public interface Handler<T> {
    void changed(@Nullable T old, @Nullable T now);
  }

  private final Resource<T> resource;
  private final ListOptions options;
  private final Cache<T> cache;
  private final List<Handler<T>> handlers = new CopyOnWriteArrayList<>();
  private final CountDownLatch synced = new CountDownLatch(1);

  public Informer(Resource<T> resource, ListOptions options, List<Index<T>> indexes) {
    this.resource = resource;
    this.options = options;
    this.cache = new Cache<>(indexes);
  }

  public Resource<T> resource() {
    return resource;
  }

  /** What of the kind is followed. */
  public ListOptions options() {
    return options;
  }

  /** The cache to read. */
  public Lister<T> lister() {
    return cache;
  }

  /** Adds a handler; do so before the informer is fed. */
  public void onChange(Handler<T> handler) {
    handlers.add(handler);
  }

  /** Waits until the first list has arrived. */
  public void awaitSync() throws InterruptedException {
    synced.await();
  }

  /** Whether the first list has arrived. */
  public boolean synced() {
    return synced.getCount() == 0;
  }

  /** Takes a whole list; what is not in it is gone. */
  public void replace(ObjectList<T> list) {
    java.util.Set<ObjectKey> vanished = new java.util.HashSet<>(cache.keys());
    for (T object : list.items()) {
      vanished.remove(object.key());
      store(object);
    }
    vanished.forEach(this::forget);
    synced.countDown();
  }

  /** Takes one watch event. */
  public void apply(WatchEvent<T> event) {
    switch (event) {
      case WatchEvent.Changed<T> changed -> store(changed.object());
      case WatchEvent.Deleted<T> deleted -> forget(deleted.object().key());
      case WatchEvent.Bookmark<T> _ -> {}
    }
  }

  private void store(T object) {
    T old = cache.put(object);
    if (old != null
        && old.metadata().resourceVersion().equals(object.metadata().resourceVersion())) {
      return;
    }
    handlers.forEach(handler -> handler.changed(old, object));
  }

  private void forget(ObjectKey key) {
    T old = cache.remove(key);
    if (old != null) {
      handlers.forEach(handler -> handler.changed(old, null));
    }
  }
}
