package minik8s.scheduler.framework;

import java.util.EnumSet;
import java.util.Set;
import minik8s.api.Node;
import org.jspecify.annotations.Nullable;

/** A kind of change after which a pod that no node would take may find one. */
public enum ClusterChange {
  NODE_ADDED,
  NODE_ALLOCATABLE,
  NODE_LABELS,
  NODE_TAINTS,
  /** A node went, and with it a place over which pods were spread. */
  NODE_REMOVED,
  /** A pod left a node or asks for less. */
  POD_FREED,
  /** A pod came to a node, or has other labels there. */
  POD_PLACED,
  /** A claim, a volume or a storage class came, changed or went. */
  STORAGE,
  /** The labels of a namespace are others. */
  NAMESPACE_LABELS;

  /** What changed between two revisions of a node; heartbeats change nothing that matters here. */
  public static Set<ClusterChange> between(@Nullable Node old, Node now) {
    if (old == null) {
      return EnumSet.of(NODE_ADDED);
    }
    Set<ClusterChange> changes = EnumSet.noneOf(ClusterChange.class);
    if (!old.status().allocatable().equals(now.status().allocatable())) {
      changes.add(NODE_ALLOCATABLE);
    }
    if (!old.metadata().labels().equals(now.metadata().labels())) {
      changes.add(NODE_LABELS);
    }
    if (old.spec().unschedulable() != now.spec().unschedulable()
        || !old.spec().taints().equals(now.spec().taints())) {
      changes.add(NODE_TAINTS);
    }
    return changes;
  }
}
