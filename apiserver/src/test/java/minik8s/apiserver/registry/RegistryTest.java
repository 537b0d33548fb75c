package minik8s.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.admission.Admission;
import minik8s.apiserver.admission.Strategies;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.schema.Schemas;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.store.memory.MemoryStore;
import minik8s.apiserver.watchcache.WatchCache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The verbs over a store in memory, with the clock and the cache's loop in the test's hands. */
final class RegistryTest {
  private static final String RANGE = "10.96.0.0/16";
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
  private final MemoryStore store = new MemoryStore();
  private final StorePaths paths = new StorePaths("/registry");
  private final WatchCache cache = new WatchCache(store, paths);
  private final KindTable kinds = new KindTable();
  private final Kind maps = kinds.find("", "v1", "configmaps").orElseThrow();
  private final Kind pods = kinds.find("", "v1", "pods").orElseThrow();
  private final Kind namespaces = kinds.find("", "v1", "namespaces").orElseThrow();
  private final Kind services = kinds.find("", "v1", "services").orElseThrow();
  private final Registry registry =
      Registry.over(
          store,
          paths,
          cache,
          new Strategies(),
          new Admission(new CacheLookup(kinds, cache), RANGE),
          new Schemas(),
          List.of(new ServiceAddresses(store, paths, AddressRange.parse(RANGE))),
          clock);

  @BeforeEach
  void aNamespace() throws Exception {
    cache.load();
    create(namespaces, "", "{\"metadata\":{\"name\":\"ns\"}}");
    cache.drain();
  }

  @Test
  void ownsWhatOnlyTheServerMayWrite() {
    ObjectNode made =
        create(
                maps,
                "ns",
                "{\"metadata\":{\"name\":\"a\",\"uid\":\"mine\",\"creationTimestamp\":\"2001-01-01T00:00:00Z\",\"managedFields\":[{}]}}")
            .document();
    assertThat(made.at("/metadata/uid").asString()).isNotEqualTo("mine").hasSize(36);
    assertThat(made.at("/metadata/creationTimestamp").asString()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(made.at("/metadata/namespace").asString()).isEqualTo("ns");
    assertThat(made.path("metadata").has("managedFields")).isFalse();
  }

  @Test
  void bumpsNoRevisionForAWriteThatChangesNothing() {
    create(maps, "ns", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"1\",\"y\":\"2\"}}");
    long before = store.revision();
    String reordered = "{\"data\":{\"y\":\"2\",\"x\":\"1\"},\"metadata\":{\"name\":\"a\"}}";
    Written same = replace(maps, "a", reordered);
    assertThat(store.revision()).isEqualTo(before);
    assertThat(same.document().at("/metadata/resourceVersion").asString()).isEqualTo("" + before);
  }

  @Test
  void changesWhatIsInTheStoreWhenTheCacheLagsBehind() {
    create(maps, "ns", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"n\":\"0\"}}");
    for (int i = 1; i <= 3; i++) {
      registry.writer().change(map("a"), ObjectWriter.Part.MAIN, false, RegistryTest::increment);
    }
    assertThat(registry.reader().get(maps, "ns", "a", null).tree().at("/data/n").asString())
        .isEqualTo("3");
  }

  @Test
  void changesWhatIsInTheStoreWhenTheCacheIsStale() throws Exception {
    create(maps, "ns", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"n\":\"0\"}}");
    cache.drain();
    // The cache shows n=0 from here on, whatever happens.
    registry.writer().change(map("a"), ObjectWriter.Part.MAIN, false, RegistryTest::increment);
    registry.writer().change(map("a"), ObjectWriter.Part.MAIN, false, RegistryTest::increment);
    assertThat(registry.reader().get(maps, "ns", "a", null).tree().at("/data/n").asString())
        .isEqualTo("2");
  }

  @Test
  void refusesAStaleReplacement() {
    Written first = create(maps, "ns", "{\"metadata\":{\"name\":\"a\"}}");
    String version = first.document().at("/metadata/resourceVersion").asString();
    replace(maps, "a", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"1\"}}");
    assertThatThrownBy(() ->
            replace(
                maps,
                "a",
                "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"" + version + "\"}}"))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(e.failure().reason()).isEqualTo(Failure.Reason.Conflict));
  }

  @Test
  void refusesNewObjectsInANamespaceThatIsEnding() throws Exception {
    registry.deleter().delete(new Target(namespaces, "", "ns"), DeleteOptions.NONE);
    cache.drain();
    assertThatThrownBy(() -> create(maps, "ns", "{\"metadata\":{\"name\":\"late\"}}"))
        .hasMessageContaining("because it is being terminated");
  }

  @Test
  void letsANamespaceGoWhenItsFinalizersAreGone() throws Exception {
    Target target = new Target(namespaces, "", "ns");
    Written marked = registry.deleter().delete(target, DeleteOptions.NONE);
    assertThat(marked.removed()).isFalse();
    assertThat(marked.document().at("/status/phase").asString()).isEqualTo("Terminating");
    ObjectNode emptied = marked.document().deepCopy();
    emptied.withObject("/spec").remove("finalizers");
    assertThat(registry.subresources().finalizeNamespace(target, emptied, false).removed())
        .isTrue();
    assertThat(store.get("/registry/namespaces/ns")).isNull();
  }

  @Test
  void shortensTheGraceOfAPodButNeverLengthensIt() {
    create(
        pods,
        "ns",
        "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
    Target pod = new Target(pods, "ns", "p");
    assertThat(grace(registry.deleter().delete(pod, DeleteOptions.NONE))).isEqualTo(30);
    assertThat(grace(registry.deleter().delete(pod, grace(60L)))).isEqualTo(30);
    Written shorter = registry.deleter().delete(pod, grace(5L));
    assertThat(grace(shorter)).isEqualTo(5);
    assertThat(shorter.document().at("/metadata/deletionTimestamp").asString())
        .isEqualTo("2026-01-02T03:04:10Z");
    assertThat(registry.deleter().delete(pod, grace(0L)).removed()).isTrue();
  }

  @Test
  void takesOverAClaimWhoseServiceIsGone() {
    store.create(
        "/registry/ranges/serviceips/10.96.9.9",
        "ns/lost".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String service =
        "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"clusterIP\":\"10.96.9.9\",\"ports\":[{\"port\":80}]}}";
    assertThat(create(services, "ns", service).document().at("/spec/clusterIP").asString())
        .isEqualTo("10.96.9.9");
  }

  private static DeleteOptions grace(Long seconds) {
    return new DeleteOptions(seconds, "", "", "", false);
  }

  private static long grace(Written written) {
    return written.document().at("/metadata/deletionGracePeriodSeconds").asLong(-1);
  }

  private Target map(String name) {
    return new Target(maps, "ns", name);
  }

  private static ObjectNode increment(ObjectNode document) {
    int n = Integer.parseInt(document.at("/data/n").asString());
    document.withObject("/data").put("n", Integer.toString(n + 1));
    return document;
  }

  private Written create(Kind kind, String namespace, String json) {
    ObjectNode document = (ObjectNode) Json.parse(json);
    document.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    return registry.writer().create(kind, namespace, document, false);
  }

  private Written replace(Kind kind, String name, String json) {
    ObjectNode document = (ObjectNode) Json.parse(json);
    document.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    document.withObject("/metadata").put("namespace", "ns");
    return registry
        .writer()
        .change(
            new Target(kind, "ns", name), ObjectWriter.Part.MAIN, false, _ -> document.deepCopy());
  }
}
