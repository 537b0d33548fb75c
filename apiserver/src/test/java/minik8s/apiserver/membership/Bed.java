package minik8s.apiserver.membership;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.store.memory.MemoryMembers;
import minik8s.apiserver.store.memory.MemoryStore;
import minik8s.apiserver.watchcache.WatchCache;

/** Servers on one store in memory, whose time goes by when told. Confined to one test. */
final class Bed {
  static final String FOLDER = "things";

  final MemoryStore store = new MemoryStore();
  final MemoryMembers members = new MemoryMembers(store);
  final StorePaths paths = new StorePaths("/registry");
  private long nanos;
  private Instant wall = Instant.parse("2026-01-01T00:00:00Z");

  /** One server. Its watch cache applies what it has heard when drained. */
  record Server(Membership membership, WatchCache cache, SharedStore store) {}

  Server server() {
    Membership membership = new Membership(members, store, paths, () -> wall, () -> nanos);
    WatchCache cache = new WatchCache(store, paths, membership);
    cache.load();
    return new Server(membership, cache, new SharedStore(store, paths, cache, membership));
  }

  /** Lets time go by for everybody. */
  void advance(Duration time) {
    nanos += time.toNanos();
    sleep(time);
  }

  /** Lets time go by on the wall and in the store, as when the servers' machine sleeps. */
  void sleep(Duration time) {
    wall = wall.plus(time);
    members.advance(time);
  }

  static String key(String name) {
    return "/registry/" + FOLDER + "/ns/" + name;
  }

  static byte[] document(String name) {
    return ("{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"ns\"}}").getBytes(UTF_8);
  }
}
