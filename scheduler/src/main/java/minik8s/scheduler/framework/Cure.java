package minik8s.scheduler.framework;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What could make a rejected pod acceptable. Immutable.
 *
 * @param changes one of these must happen
 */
public record Cure(Set<ClusterChange> changes) {
  /** Nothing is known to help. */
  public static final Cure NONE = new Cure(Set.of());

  public Cure {
    Set<ClusterChange> copy = EnumSet.noneOf(ClusterChange.class);
    copy.addAll(changes);
    changes = Collections.unmodifiableSet(copy);
  }

  /** Whether what happened is of a kind that helps. */
  public boolean among(Set<ClusterChange> happened) {
    for (ClusterChange change : happened) {
      if (changes.contains(change)) {
        return true;
      }
    }
    return false;
  }
}
