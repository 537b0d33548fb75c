package minik8s.apiserver.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.StoreEvent;
import minik8s.apiserver.watchcache.CachedObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that come, go, hang and are killed at random on one store, whose watches lag: no read of
 * any of them shows less than what anybody has been told before.
 */
final class ModelTest {
  private static final int STEPS = 10_000;
  private static final int SERVERS = 3;
  private static final String[] NAMES = {"a", "b", "c"};

  private final Bed bed = new Bed();
  private final List<Bed.@Nullable Server> servers = new ArrayList<>();

  /** Of each name, the revision of the newest state that somebody has been told of. */
  private final Map<String, Long> told = new HashMap<>();

  /** Of each name, the revision of its last deletion. */
  private final Map<String, Long> deleted = new HashMap<>();

  /** Servers that do not look around for a while, and whose leases end. */
  private final Set<Bed.Server> stuck = new HashSet<>();

  private int fromMemory;
  private int fromStore;

  /** A write that its client has not been told of. */
  private record Written(Bed.Server server, String name, StoreEvent event) {}

  private final List<Written> underWay = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void noReadShowsLessThanWhatWasTold(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < SERVERS; i++) {
      servers.add(null);
    }
    for (int i = 0; i < STEPS; i++) {
      step(random, "seed " + seed + ", step " + i);
    }
    assertThat(fromMemory).as("reads from memory").isGreaterThan(STEPS / 250);
    assertThat(fromStore).as("reads from the store").isGreaterThan(STEPS / 250);
  }

  private void step(Random random, String where) throws Exception {
    int number = random.nextInt(SERVERS);
    Bed.Server server = servers.get(number);
    String name = NAMES[random.nextInt(NAMES.length)];
    int choice = random.nextInt(100);
    if (choice < 10) {
      bed.advance(Duration.ofMillis(random.nextInt(2000)));
    } else if (server == null) {
      // Most of the time there is one or none, so that they are alone often.
      if (choice < 12) {
        servers.set(number, bed.server());
      }
    } else if (choice < 35) {
      if (!stuck.contains(server)) {
        server.membership().look();
      }
    } else if (choice < 50) {
      if (server.membership().present()) {
        server.cache().drain();
      }
    } else if (choice < 65) {
      write(server, name, random.nextInt(4) == 0);
    } else if (choice < 75) {
      answer(server);
    } else if (choice == 75) {
      if (!stuck.remove(server)) {
        stuck.add(server);
      }
    } else if (choice < 97) {
      read(server, name, random.nextInt(4) == 0, where);
    } else {
      if (choice == 97) {
        server.membership().leave();
      }
      underWay.removeIf(write -> write.server().equals(server));
      servers.set(number, null);
    }
  }

  /** etcd has it; the server has not heard so yet. */
  private void write(Bed.Server server, String name, boolean delete) {
    Entry seen = bed.store.get(Bed.key(name));
    StoreEvent event;
    if (!delete) {
      byte[] value = Bed.document(name);
      Entry made =
          seen == null ? bed.store.create(Bed.key(name), value) : bed.store.replace(seen, value);
      event = new StoreEvent(Bed.key(name), value, made.revision());
    } else if (seen != null) {
      event = new StoreEvent(Bed.key(name), null, bed.store.delete(seen));
      deleted.put(name, event.revision());
    } else {
      return;
    }
    underWay.add(new Written(server, name, event));
  }

  private void answer(Bed.Server server) {
    underWay.removeIf(write -> {
      if (!write.server().equals(server)) {
        return false;
      }
      server.cache().wrote(write.event());
      boolean may = server.membership().present();
      if (may) {
        told.merge(write.name(), write.event().revision(), Math::max);
      }
      return may;
    });
  }

  private void read(Bed.Server server, String name, boolean anew, String where)
      throws InterruptedException {
    long revision;
    if (server.cache().complete() && !anew) {
      fromMemory++;
      CachedObject found = server.cache().newest(Bed.FOLDER, "ns/" + name);
      revision = found == null ? deleted.getOrDefault(name, 0L) : found.revision();
    } else if (server.membership().present()) {
      fromStore++;
      if (bed.store.get(Bed.key(name)) == null) {
        server.cache().drain(); // What is gone is waited for.
      }
      Entry found = server.store().get(Bed.key(name));
      revision = found == null ? deleted.getOrDefault(name, 0L) : found.revision();
    } else {
      return;
    }
    assertThat(revision).as(where).isGreaterThanOrEqualTo(told.getOrDefault(name, 0L));
    told.merge(name, revision, Math::max);
  }
}
