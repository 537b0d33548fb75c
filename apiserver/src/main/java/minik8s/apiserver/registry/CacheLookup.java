package minik8s.apiserver.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.kinds.Lookup;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Live objects for rules, read from the watch cache. Thread-safe. */
public final class CacheLookup implements Lookup {
  private final KindTable kinds;
  private final WatchCache cache;

  /** Answers for the kinds of the table. */
  public CacheLookup(KindTable kinds, WatchCache cache) {
    this.kinds = kinds;
    this.cache = cache;
  }

  @Override
  public Optional<JsonNode> get(String group, String plural, String namespace, String name) {
    String folder = folder(group, plural);
    CachedObject found =
        folder == null ? null : cache.resource(folder).get(StorePaths.relative(namespace, name));
    return Optional.ofNullable(found).map(CachedObject::tree);
  }

  @Override
  public List<JsonNode> list(String group, String plural, String namespace) {
    List<JsonNode> documents = new ArrayList<>();
    String folder = folder(group, plural);
    if (folder != null) {
      cache
          .resource(folder)
          .snapshot(namespace)
          .objects()
          .forEach(object -> documents.add(object.tree()));
    }
    return documents;
  }

  @Override
  public long version(String group, String plural) {
    String folder = folder(group, plural);
    return folder == null ? -1 : cache.resource(folder).snapshot("").position();
  }

  @Override
  public boolean any(String group, String plural, String namespace, String field, String value) {
    for (Kind kind : kinds.all()) {
      if (kind.group().equals(group) && kind.plural().equals(plural)) {
        Selectors.Selection wanted = Selectors.parse(kind, "", field + "=" + value);
        return cache.resource(Folders.of(kind)).snapshot(namespace).objects().stream()
            .anyMatch(wanted.matches());
      }
    }
    return false;
  }

  private @Nullable String folder(String group, String plural) {
    for (Kind kind : kinds.all()) {
      if (kind.group().equals(group) && kind.plural().equals(plural)) {
        return Folders.of(kind);
      }
    }
    return null;
  }
}
