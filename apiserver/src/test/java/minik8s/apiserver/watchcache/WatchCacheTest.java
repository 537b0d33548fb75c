package minik8s.apiserver.watchcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;

final class WatchCacheTest {
  private final MemoryStore store = new MemoryStore();
  private final WatchCache cache = new WatchCache(store, new StorePaths("/registry"));

  @Test
  void showsWhatWasThereBeforeItStarted() throws Exception {
    Entry made = put("a", "{}");
    cache.load();
    cache.drain();
    CachedObject object = Objects.requireNonNull(pods().get("ns/a"));
    assertThat(json(object)).contains("\"resourceVersion\":\"" + made.revision() + "\"");
    assertThat(object.stored()).isEqualTo(made.value());
  }

  @Test
  void tellsChangesInOrderFromAnyHeldRevision() throws Exception {
    cache.load();
    Entry first = put("a", "{}");
    Entry second = store.replace(first, document("a", "{\"x\":\"1\"}"));
    store.delete(second);
    cache.drain();
    assertThat(told(pods().after(1), _ -> true))
        .containsExactly("ADDED a 2", "MODIFIED a 3", "DELETED a 4");
    assertThat(told(pods().after(first.revision()), _ -> true))
        .containsExactly("MODIFIED a 3", "DELETED a 4");
  }

  @Test
  void replaysWhatHappenedBeforeItStarted() throws Exception {
    Entry first = put("a", "{}");
    store.replace(first, document("a", "{\"x\":\"1\"}"));
    cache.load();
    cache.drain();
    assertThat(told(pods().after(first.revision()), _ -> true)).containsExactly("MODIFIED a 3");
  }

  @Test
  void seesObjectsComeAndGoThroughASelector() throws Exception {
    cache.load();
    Entry first = put("a", "{\"w\":\"1\"}");
    Entry second = store.replace(first, document("a", "{\"w\":\"1\",\"x\":\"y\"}"));
    Entry third = store.replace(second, document("a", "{\"w\":\"0\"}"));
    Entry fourth = store.replace(third, document("a", "{\"w\":\"0\",\"x\":\"y\"}"));
    Entry fifth = store.replace(fourth, document("a", "{\"w\":\"1\"}"));
    store.delete(fifth);
    cache.drain();
    Predicate<CachedObject> selector = object -> json(object).contains("\"w\":\"1\"");
    assertThat(told(pods().after(1), selector))
        .containsExactly("ADDED a 2", "MODIFIED a 3", "DELETED a 4", "ADDED a 6", "DELETED a 7");
  }

  @Test
  void showsTheLastStateOfADepartedObjectUnderTheRevisionOfItsEnd() throws Exception {
    cache.load();
    Entry first = put("a", "{\"w\":\"1\"}");
    long gone = store.delete(first);
    cache.drain();
    CacheEvent event = pods().after(first.revision()).next(Duration.ZERO).getFirst();
    CachedObject last = Objects.requireNonNull(event.seenThrough(_ -> true)).object();
    assertThat(json(last))
        .contains("\"w\":\"1\"")
        .contains("\"resourceVersion\":\"" + gone + "\"")
        .doesNotContain("\"resourceVersion\":\"" + first.revision() + "\"");
  }

  @Test
  void forgetsTheOldestChangesWhenTheHistoryIsFull() throws Exception {
    cache.load();
    Entry entry = put("a", "{}");
    Cursor slow = pods().after(1);
    byte[] large = document("a", "{\"x\":\"" + "y".repeat(20_000) + "\"}");
    for (int i = 0; i < 1_500; i++) {
      entry = store.replace(entry, large);
    }
    cache.drain();
    assertThatThrownBy(() -> slow.next(Duration.ZERO)).isInstanceOf(ExpiredException.class);
    assertThatThrownBy(() -> pods().after(2)).isInstanceOf(ExpiredException.class);
    assertThat(pods().after(entry.revision() - 900).next(Duration.ZERO)).isNotEmpty();
  }

  @Test
  void startsOverWhenTheStoreHasCompactedPastIt() throws Exception {
    put("a", "{}");
    cache.load();
    cache.drain();
    Cursor reader = pods().after(2);
    put("b", "{}");
    store.compact(3);
    cache.lost(3);
    cache.drain();
    assertThat(pods().names()).containsExactly("ns/a", "ns/b");
    assertThatThrownBy(() -> reader.next(Duration.ZERO)).isInstanceOf(ExpiredException.class);
    assertThatThrownBy(() -> pods().after(2)).isInstanceOf(ExpiredException.class);
    put("c", "{}");
    cache.drain();
    assertThat(told(pods().after(3), _ -> true)).containsExactly("ADDED c 4");
  }

  @Test
  void wakesASleepingReader() throws Exception {
    cache.load();
    cache.drain();
    Cursor reader = pods().after(1);
    CompletableFuture<List<String>> told =
        CompletableFuture.supplyAsync(() -> {
          List<String> seen = new ArrayList<>();
          while (seen.isEmpty()) {
            seen.addAll(tell(reader.next(Duration.ofSeconds(20)), _ -> true));
          }
          return seen;
        });
    put("a", "{}");
    cache.drain();
    assertThat(told.get(20, TimeUnit.SECONDS)).containsExactly("ADDED a 2");
  }

  @Test
  void keepsNamespacesApart() throws Exception {
    cache.load();
    put("a", "{}");
    store.create("/registry/pods/ns-b/x", document("x", "{}"));
    store.create("/registry/services/specs/ns/s", document("s", "{}"));
    cache.drain();
    assertThat(pods().snapshot("ns").objects()).extracting(CachedObject::name).containsExactly("a");
    assertThat(pods().snapshot("").objects()).hasSize(2);
    assertThat(cache.resource("services/specs").snapshot("").objects()).hasSize(1);
  }

  @Test
  void bookmarksWhatEveryResourceHasPassed() throws Exception {
    cache.load();
    cache.drain();
    Cursor reader = pods().after(1);
    store.create("/registry/configmaps/ns/c", document("c", "{}"));
    cache.drain();
    assertThat(reader.next(Duration.ZERO)).isEmpty();
    assertThat(reader.revision()).isEqualTo(store.revision());
  }

  @Test
  void ignoresWhatIsNoObject() throws Exception {
    cache.load();
    store.create("/registry/pods/ns/odd", "not json".getBytes(UTF_8));
    put("a", "{}");
    cache.drain();
    assertThat(pods().names()).containsExactly("ns/a");
  }

  private ResourceCache pods() {
    return cache.resource("pods");
  }

  private Entry put(String name, String labels) {
    return store.create("/registry/pods/ns/" + name, document(name, labels));
  }

  private static byte[] document(String name, String labels) {
    return ("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\""
            + name
            + "\",\"labels\":"
            + labels
            + "},\"spec\":{}}")
        .getBytes(UTF_8);
  }

  private static List<String> told(Cursor cursor, Predicate<CachedObject> selector) {
    return tell(cursor.next(Duration.ZERO), selector);
  }

  private static List<String> tell(List<CacheEvent> events, Predicate<CachedObject> selector) {
    List<String> told = new ArrayList<>();
    for (CacheEvent event : events) {
      CacheEvent.Told seen = event.seenThrough(selector);
      if (seen != null) {
        told.add(seen.type() + " " + seen.object().name() + " " + seen.object().revision());
      }
    }
    return told;
  }

  private static String json(CachedObject object) {
    return new String(object.json(), UTF_8);
  }
}
