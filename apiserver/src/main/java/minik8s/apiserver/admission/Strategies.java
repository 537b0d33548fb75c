package minik8s.apiserver.admission;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.apiserver.kinds.Kind;

/** The strategy of every kind. Thread-safe. */
public final class Strategies {
  private static final Map<String, Rules> RULES = RulesTable.byStorageName();
  private static final Rules COMMON = new Rules() {};

  private final Map<Kind, Strategy> strategies = new ConcurrentHashMap<>();

  /** The strategy of a kind; a kind without rules of its own gets the rules common to all. */
  public Strategy of(Kind kind) {
    Strategy known = strategies.get(kind);
    return known != null ? known : strategies.computeIfAbsent(kind, Strategies::build);
  }

  private static Strategy build(Kind kind) {
    if (kind.custom()) {
      return new KindStrategy(kind, new CustomRules(kind.status()));
    }
    String storage = kind.storageGroupVersion() + "/" + kind.storagePlural();
    return new KindStrategy(kind, RULES.getOrDefault(storage, COMMON));
  }
}
