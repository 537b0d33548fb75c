package minik8s.apiserver.admission;

import minik8s.apiserver.kinds.Kind;

/** The strategy of every kind. Thread-safe. */
public final class Strategies {
  /** The strategy of a kind; a kind without rules of its own gets the rules common to all. */
  public Strategy of(Kind kind) {
    return new KindStrategy(kind);
  }
}
