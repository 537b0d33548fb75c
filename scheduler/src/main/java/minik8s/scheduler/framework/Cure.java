package minik8s.scheduler.framework;

import java.util.Collections;
import java.util.Set;

/**
 * What could make a rejected pod acceptable. Immutable.
 *
 * @param changes one of these must happen
 * @param local whether all rules concerned judge each node alone, so that when room comes free it
 *     is enough to ask about that one node
 */
public record Cure(Set<ClusterChange> changes, boolean local) {
  /** Nothing is known to help. */
  public static final Cure NONE = new Cure(Set.of(), true);

  public Cure {
    changes = Set.copyOf(changes);
  }

  /** Whether what happened is of a kind that helps. */
  public boolean among(Set<ClusterChange> happened) {
    return !Collections.disjoint(changes, happened);
  }
}
