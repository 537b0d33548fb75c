package minik8s.apiserver.kinds;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The table of everything served: built-in kinds from the start, custom ones added and removed at
 * run time. Thread-safe; every read sees one consistent table.
 */
public final class KindTable {
  private record Key(String group, String version, String plural) {}

  /** One consistent state; replaced as a whole. */
  private record State(Map<Key, Kind> kinds, Discovery discovery) {
    static State of(Map<Key, Kind> kinds) {
      return new State(Map.copyOf(kinds), new Discovery(List.copyOf(kinds.values())));
    }
  }

  private final Map<Key, Kind> ordered = new LinkedHashMap<>();
  private volatile State state;

  /** A table of the built-in kinds. */
  public KindTable() {
    for (Kind kind : BuiltInKinds.all()) {
      ordered.put(key(kind), kind);
    }
    state = State.of(ordered);
  }

  private static Key key(Kind kind) {
    return new Key(kind.group(), kind.version(), kind.plural());
  }

  /** The kind behind a path. */
  public Optional<Kind> find(String group, String version, String plural) {
    return Optional.ofNullable(state.kinds.get(new Key(group, version, plural)));
  }

  /** The kind that documents with this {@code apiVersion} and {@code kind} are of. */
  public Optional<Kind> findByKind(String apiVersion, String kind) {
    for (Kind each : state.discovery.kinds()) {
      if (each.kind().equals(kind) && each.apiVersion().equals(apiVersion)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Every kind in the order of discovery, custom ones last. */
  public List<Kind> all() {
    return state.discovery.kinds();
  }

  /** Adds or replaces a kind. */
  public synchronized void put(Kind kind) {
    ordered.put(key(kind), kind);
    state = State.of(ordered);
  }

  /** Removes a kind; an unknown one is ignored. */
  public synchronized void remove(String group, String version, String plural) {
    ordered.remove(new Key(group, version, plural));
    state = State.of(ordered);
  }

  /**
   * Makes the table serve exactly these versions of a custom resource.
   *
   * @param versions from {@link CustomKinds#of}; empty takes the resource away
   */
  public synchronized void replace(String group, String plural, List<Kind> versions) {
    ordered.keySet().removeIf(k -> k.group().equals(group) && k.plural().equals(plural));
    for (Kind kind : versions) {
      ordered.put(key(kind), kind);
    }
    state = State.of(ordered);
  }

  /** The discovery documents of the present table. */
  public Discovery discovery() {
    return state.discovery;
  }

  /** Short for {@code discovery().groupList()}. */
  public ObjectNode groupList() {
    return state.discovery.groupList();
  }
}
