package minik8s.apiserver.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.api.ApiException;
import minik8s.apiserver.kinds.CustomKinds;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.watchcache.CacheEvent;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.Cursor;
import minik8s.apiserver.watchcache.ExpiredException;
import minik8s.apiserver.watchcache.ResourceCache;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Follows the stored definitions, whichever server wrote them, and cleans up behind deleted ones.
 *
 * <p>{@link #step} is a serial loop; each clean-up runs on a virtual thread of its own.
 */
public final class CustomResourceLoop {
  private static final Logger log = LoggerFactory.getLogger(CustomResourceLoop.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final WatchCache cache;
  private final KindTable kinds;
  private final CustomResources customResources;
  private final Registry registry;
  private final Set<String> cleaning = ConcurrentHashMap.newKeySet();
  private @Nullable Cursor cursor;

  /** Keeps {@code customResources} in step with the cache. */
  public CustomResourceLoop(
      WatchCache cache, KindTable kinds, CustomResources customResources, Registry registry) {
    this.cache = cache;
    this.kinds = kinds;
    this.customResources = customResources;
    this.registry = registry;
  }

  /** Opens what is stored now; the first thing to do after a start. */
  public void begin() {
    ResourceCache.Snapshot snapshot = cache.resource(CustomResources.FOLDER).snapshot("");
    snapshot.objects().forEach(this::present);
    cursor = cache.resource(CustomResources.FOLDER).after(snapshot);
  }

  /** Waits for changes and follows them. */
  public void step() {
    Cursor reading = cursor;
    if (reading == null) {
      begin();
      return;
    }
    try {
      for (CacheEvent event : reading.next(PATIENCE)) {
        CacheEvent.Told told = event.seenThrough(_ -> true);
        if (told != null && told.type() == CacheEvent.Type.DELETED) {
          customResources.close(told.object().tree());
        } else if (told != null) {
          present(told.object());
        }
      }
    } catch (ExpiredException e) {
      cursor = null;
    }
  }

  private void present(CachedObject object) {
    ObjectNode definition = object.tree();
    customResources.open(definition);
    if (Documents.deleting(definition) && cleaning.add(object.name())) {
      Thread.ofVirtual().name("crd-cleanup").start(() -> cleanUp(object.name(), definition));
    }
  }

  private void cleanUp(String name, ObjectNode definition) {
    try {
      List<Kind> versions = CustomKinds.of(definition);
      if (!versions.isEmpty()) {
        empty(versions.getFirst());
      }
      Kind definitions =
          kinds.find("apiextensions.k8s.io", "v1", "customresourcedefinitions").orElseThrow();
      var _ =
          registry
              .writer()
              .change(
                  new Target(definitions, "", name),
                  ObjectWriter.Part.ALL,
                  false,
                  CustomResourceLoop::withoutFinalizer);
    } catch (ApiException e) {
      if (!e.notFound()) {
        log.warn("cannot clean up behind {}: {}", name, e.getMessage());
      }
    } finally {
      cleaning.remove(name);
    }
  }

  /** Deletes all objects of a kind and waits until their finalizers have let them go. */
  private void empty(Kind kind) {
    ResourceCache resource = cache.resource(Folders.of(kind));
    while (true) {
      cache.awaitCurrent();
      ResourceCache.Snapshot snapshot = resource.snapshot("");
      if (snapshot.objects().isEmpty()) {
        return;
      }
      for (CachedObject object : snapshot.objects()) {
        delete(kind, object);
      }
      var _ = resource.after(snapshot).next(PATIENCE);
    }
  }

  private void delete(Kind kind, CachedObject object) {
    try {
      Target target = new Target(kind, object.namespace(), object.name());
      var _ = registry.deleter().delete(target, DeleteOptions.NONE);
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private static ObjectNode withoutFinalizer(ObjectNode definition) {
    List<String> left = new ArrayList<>();
    definition
        .path("metadata")
        .path("finalizers")
        .forEach(finalizer -> left.add(finalizer.asString("")));
    left.remove(CustomResources.FINALIZER);
    ObjectNode metadata = Documents.metadata(definition);
    metadata.remove("finalizers");
    if (!left.isEmpty()) {
      var list = metadata.putArray("finalizers");
      left.forEach(list::add);
    }
    return definition;
  }
}
