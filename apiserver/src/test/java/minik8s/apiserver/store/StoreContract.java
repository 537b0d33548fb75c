package minik8s.apiserver.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do; run against memory and against real etcd. */
public abstract class StoreContract {
  private static final String PREFIX = "/registry/things/";
  protected Store store;

  /** Opens an empty store. */
  protected abstract Store open() throws Exception;

  /** Makes everything before {@code revision} unreadable. */
  protected abstract void compact(long revision) throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void createsOnlyWhatIsNotThere() {
    Entry made = store.create(PREFIX + "a", bytes("1"));
    assertThat(made.revision()).isEqualTo(store.revision());
    assertThatThrownBy(() -> store.create(PREFIX + "a", bytes("2")))
        .isInstanceOf(StoreException.Exists.class);
    assertThat(text(Objects.requireNonNull(store.get(PREFIX + "a")))).isEqualTo("1");
  }

  @Test
  void givesTheNextNumberOfACounterToOneWriterOnly() {
    Entry first = store.create(PREFIX + "n", bytes("1"));
    store.replaceStrictly(first, bytes("2"));
    assertThatThrownBy(() -> store.replaceStrictly(first, bytes("2")))
        .isInstanceOf(StoreException.Changed.class);
  }

  @Test
  void replacesOnlyWhatWasSeen() {
    Entry first = store.create(PREFIX + "a", bytes("1"));
    Entry second = store.replace(first, bytes("2"));
    assertThat(second.revision()).isGreaterThan(first.revision());
    assertThatThrownBy(() -> store.replace(first, bytes("3")))
        .isInstanceOfSatisfying(
            StoreException.Changed.class,
            e -> assertThat(text(Objects.requireNonNull(e.current()))).isEqualTo("2"));
  }

  @Test
  void deletesOnlyWhatWasSeen() {
    Entry first = store.create(PREFIX + "a", bytes("1"));
    Entry second = store.replace(first, bytes("2"));
    assertThatThrownBy(() -> store.delete(first)).isInstanceOf(StoreException.Changed.class);
    assertThat(store.delete(second)).isEqualTo(store.revision());
    assertThat(store.get(PREFIX + "a")).isNull();
    assertThatThrownBy(() -> store.replace(second, bytes("3")))
        .isInstanceOfSatisfying(
            StoreException.Changed.class, e -> assertThat(e.current()).isNull());
  }

  @Test
  void oneOfManyConcurrentWritersWins() {
    Entry seen = store.create(PREFIX + "a", bytes("0"));
    List<CompletableFuture<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      byte[] mine = bytes("w" + i);
      writers.add(CompletableFuture.supplyAsync(() -> tryReplace(seen, mine)));
    }
    assertThat(writers.stream().filter(CompletableFuture::join)).hasSize(1);
  }

  @Test
  void listsPagesInOrderAtOneRevision() {
    for (int i = 0; i < 7; i++) {
      store.create(PREFIX + "k" + i, bytes("" + i));
    }
    store.create("/registry/thingsandmore/x", bytes("no"));
    Page first = store.list(PREFIX, 3, null, 0);
    assertThat(first.entries()).extracting(Entry::key).containsExactly(key(0), key(1), key(2));
    assertThat(first.remaining()).isEqualTo(4);
    store.create(PREFIX + "k3a", bytes("later"));
    Page second = store.list(PREFIX, 3, key(2) + "\0", first.revision());
    assertThat(second.entries()).extracting(Entry::key).containsExactly(key(3), key(4), key(5));
    assertThat(second.revision()).isEqualTo(first.revision());
    Page third = store.list(PREFIX, 3, key(5) + "\0", first.revision());
    assertThat(third.entries()).extracting(Entry::key).containsExactly(key(6));
    assertThat(third.remaining()).isZero();
    assertThat(store.list(PREFIX, 0, null, 0).entries()).hasSize(8);
  }

  @Test
  void listsThePast() {
    Entry first = store.create(PREFIX + "a", bytes("1"));
    store.replace(first, bytes("2"));
    assertThat(text(store.list(PREFIX, 0, null, first.revision()).entries().getFirst()))
        .isEqualTo("1");
    assertThatThrownBy(() -> store.list(PREFIX, 0, null, store.revision() + 100))
        .isInstanceOf(StoreException.Future.class);
  }

  @Test
  void refusesCompactedRevisions() throws Exception {
    Entry first = store.create(PREFIX + "a", bytes("1"));
    Entry second = store.replace(first, bytes("2"));
    compact(second.revision());
    assertThatThrownBy(() -> store.list(PREFIX, 0, null, first.revision()))
        .isInstanceOf(StoreException.Compacted.class);
    assertThat(store.oldestRevision(1)).isEqualTo(second.revision());
    Heard heard = new Heard();
    try (Store.Subscription _ = store.watch(first.revision(), heard)) {
      assertThat(heard.lost.poll(10, TimeUnit.SECONDS)).isEqualTo(second.revision());
    }
  }

  @Test
  void tellsEveryChangeOnceAndInOrder() throws Exception {
    Entry first = store.create(PREFIX + "a", bytes("1"));
    Entry second = store.replace(first, bytes("2"));
    Heard heard = new Heard();
    try (Store.Subscription _ = store.watch(second.revision(), heard)) {
      long deleted = store.delete(second);
      Entry again = store.create(PREFIX + "a", bytes("3"));
      assertThat(heard.take(3))
          .containsExactly(second.revision() + " 2", deleted + " deleted", again.revision() + " 3");
    }
  }

  @Test
  void refusesValuesThatAreTooLarge() {
    assertThatThrownBy(() -> store.create(PREFIX + "big", new byte[1_700_000]))
        .isInstanceOf(StoreException.TooLarge.class);
    assertThatThrownBy(() -> store.create(PREFIX + "bigger", new byte[3_000_000]))
        .isInstanceOf(StoreException.TooLarge.class);
  }

  private boolean tryReplace(Entry seen, byte[] value) {
    try {
      store.replace(seen, value);
      return true;
    } catch (StoreException.Changed e) {
      return false;
    }
  }

  private static String key(int i) {
    return PREFIX + "k" + i;
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  protected static String text(Entry entry) {
    return new String(entry.value(), UTF_8);
  }

  /** Collects what a watch tells. */
  protected static final class Heard implements StoreListener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> lost = new LinkedBlockingQueue<>();

    /** Starts with nothing heard. */
    public Heard() {}

    @Override
    public void changed(List<StoreEvent> changes, long revision) {
      for (StoreEvent event : changes) {
        byte[] value = event.value();
        events.add(event.revision() + " " + (value == null ? "deleted" : new String(value, UTF_8)));
      }
    }

    @Override
    public void lost(long compactedRevision) {
      lost.add(compactedRevision);
    }

    /** Waits for so many events. */
    public List<String> take(int count) throws InterruptedException {
      List<String> taken = new ArrayList<>();
      while (taken.size() < count) {
        taken.add(Objects.requireNonNull(events.poll(20, TimeUnit.SECONDS), "no further event"));
      }
      return taken;
    }
  }
}
