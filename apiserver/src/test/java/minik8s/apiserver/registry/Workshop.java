package minik8s.apiserver.registry;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import minik8s.api.codec.Json;
import minik8s.apiserver.admission.Admission;
import minik8s.apiserver.admission.Strategies;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.schema.Schemas;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.store.memory.MemoryStore;
import minik8s.apiserver.watchcache.WatchCache;
import tools.jackson.databind.node.ObjectNode;

/** The verbs over a store in memory with one namespace {@code ns}. Confined to one test. */
final class Workshop {
  private static final String RANGE = "10.96.0.0/16";
  final WatchCache cache;
  final KindTable kinds = new KindTable();
  final Registry registry;

  Workshop() throws Exception {
    this(new MemoryStore());
  }

  private Workshop(MemoryStore store) throws Exception {
    StorePaths paths = new StorePaths("/registry");
    cache = new WatchCache(store, paths);
    Kind quotas = kind("", "resourcequotas");
    registry =
        Registry.over(
            store,
            paths,
            cache,
            new Strategies(),
            new Admission(new CacheLookup(kinds, cache), RANGE),
            new Schemas(),
            List.of(new QuotaLedger(quotas, store, paths, cache)),
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    cache.load();
    var _ = create("", "namespaces", "{'metadata':{'name':'ns'}}");
    cache.drain();
  }

  Kind kind(String group, String plural) {
    return kinds.find(group, "v1", plural).orElseThrow();
  }

  /** Creates a document; single quotes stand for double ones. */
  Written create(String group, String plural, String json) {
    Kind kind = kind(group, plural);
    ObjectNode document = (ObjectNode) Json.parse(json.replace('\'', '"'));
    document.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    return registry.writer().create(kind, kind.namespaced() ? "ns" : "", document, false);
  }

  /** Merges a document into the status of an object. */
  void status(String group, String plural, String name, String json) {
    ObjectNode status = (ObjectNode) Json.parse(json.replace('\'', '"'));
    var _ =
        registry
            .writer()
            .change(
                target(group, plural, name),
                ObjectWriter.Part.STATUS,
                false,
                document -> {
                  document.withObjectProperty("status").setAll(status);
                  return document;
                });
  }

  /** The object as the store has it. */
  ObjectNode get(String group, String plural, String name) {
    return registry.reader().get(kind(group, plural), "ns", name, null).tree();
  }

  Target target(String group, String plural, String name) {
    return new Target(kind(group, plural), "ns", name);
  }

  static String pod(String name, String labels, String requests) {
    return "{'metadata':{'name':'%s','labels':{%s}},'spec':{'nodeName':'n','containers':[{'name':'c','image':'i','resources':{'requests':{%s}}}]}}"
        .formatted(name, labels, requests);
  }
}
