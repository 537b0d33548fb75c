package minik8s.apiserver.registry;

import java.time.InstantSource;
import java.util.List;
import minik8s.apiserver.admission.Admission;
import minik8s.apiserver.admission.Strategies;
import minik8s.apiserver.schema.Schemas;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.watchcache.WatchCache;

/**
 * All verbs on all kinds, in one place. Immutable; its parts are thread-safe.
 *
 * @param reader get, list, watch
 * @param writer create, update, patch
 * @param deleter delete
 * @param subresources binding, eviction, finalize
 */
public record Registry(
    ObjectReader reader, ObjectWriter writer, ObjectDeleter deleter, Subresources subresources) {

  /** Puts the parts together. */
  public static Registry over(
      Store store,
      StorePaths paths,
      WatchCache cache,
      Strategies strategies,
      Admission admission,
      Schemas schemas,
      List<KindHook> hooks,
      InstantSource clock) {
    return over(
        store, paths, cache, strategies, admission, schemas, hooks, clock, Identities.RANDOM);
  }

  /** The same with uids and generated names from elsewhere, so that a run can be repeated. */
  public static Registry over(
      Store store,
      StorePaths paths,
      WatchCache cache,
      Strategies strategies,
      Admission admission,
      Schemas schemas,
      List<KindHook> hooks,
      InstantSource clock,
      Identities identities) {
    Objects objects = new Objects(store, paths, cache);
    ObjectDeleter deleter = new ObjectDeleter(objects, hooks, clock);
    ObjectWriter writer =
        new ObjectWriter(
            objects,
            new Namespaces(cache),
            strategies,
            admission,
            schemas,
            hooks,
            clock,
            identities);
    ObjectReader reader = new ObjectReader(store, paths, cache);
    Evictions evictions = new Evictions(cache, reader, writer, deleter, clock);
    return new Registry(reader, writer, deleter, new Subresources(writer, evictions, clock));
  }
}
