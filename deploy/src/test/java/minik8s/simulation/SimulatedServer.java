package minik8s.simulation;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.apiserver.admission.Admission;
import minik8s.apiserver.admission.Strategies;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.registry.AddressRange;
import minik8s.apiserver.registry.CacheLookup;
import minik8s.apiserver.registry.Identities;
import minik8s.apiserver.registry.Registry;
import minik8s.apiserver.registry.ServiceAddresses;
import minik8s.apiserver.schema.Schemas;
import minik8s.apiserver.store.StoreEvent;
import minik8s.apiserver.store.StoreListener;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.store.memory.MemoryStore;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;

/**
 * The API server's registry over a store in memory, with everything that ever changed in one log.
 * Confined to one thread.
 */
final class SimulatedServer {
  private static final String RANGE = "10.96.0.0/16";

  /**
   * One change: where, and the object as it is now; null when it is gone.
   *
   * @param revision of the write
   */
  record Change(StorePaths.Place place, @Nullable CachedObject object, long revision) {}

  private final Map<Class<?>, Map<Long, Object>> decoded = new HashMap<>();

  /** An object as a record, decoded once per revision for all who ask. */
  <T> T decoded(CachedObject object, Class<T> type) {
    return type.cast(
        decoded
            .computeIfAbsent(type, _ -> new HashMap<>())
            .computeIfAbsent(object.revision(), _ -> Json.read(object.json(), type)));
  }

  final MemoryStore store = new MemoryStore();
  final KindTable kinds = new KindTable();
  final Schemas schemas = new Schemas();
  final Registry registry;
  private final StorePaths paths = new StorePaths("/registry");
  private final WatchCache cache = new WatchCache(store, paths);
  private final List<Change> log = new ArrayList<>();

  SimulatedServer(InstantSource clock, Random random) {
    registry =
        Registry.over(
            store,
            paths,
            cache,
            new Strategies(),
            new Admission(new CacheLookup(kinds, cache), RANGE),
            schemas,
            List.of(new ServiceAddresses(store, paths, AddressRange.parse(RANGE))),
            clock,
            new Numbered(random));
    cache.load();
    var _ = store.watch(1, new Recorder());
  }

  /** Repeatable uids and names. */
  private record Numbered(Random random) implements Identities {
    @Override
    public String uid() {
      return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    @Override
    public int number(int bound) {
      return random.nextInt(bound);
    }
  }

  private final class Recorder implements StoreListener {
    @Override
    public void changed(List<StoreEvent> events, long revision) {
      for (StoreEvent event : events) {
        StorePaths.Place place = paths.place(event.key());
        if (place != null) {
          byte[] value = event.value();
          log.add(
              new Change(
                  place,
                  value == null ? null : CachedObject.of(place.relative(), value, event.revision()),
                  event.revision()));
        }
      }
    }

    @Override
    public void lost(long revision) {
      throw new IllegalStateException("a store in memory forgets nothing by itself");
    }
  }

  /** Every change so far, in order. */
  List<Change> log() {
    return log;
  }

  /** Lets the server's own cache see what was written. */
  void drain() {
    try {
      cache.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Kind kind(Resource<?> resource) {
    return kinds
        .find(resource.group(), resource.version(), resource.plural())
        .orElseThrow(() -> new IllegalArgumentException("no kind " + resource));
  }

  /** The folder of the store in which objects of this kind are. */
  String folder(Resource<?> resource) {
    return StorePaths.folder(resource.group(), kind(resource).storagePlural(), false);
  }
}
