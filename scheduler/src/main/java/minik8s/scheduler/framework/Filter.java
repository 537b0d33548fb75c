package minik8s.scheduler.framework;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule that keeps pods off nodes. Stateless and pure. What a pod needs worked out over the whole
 * cluster (Kubernetes' PreFilter) is worked out in {@link #prepareFilter} and lives in the check.
 */
public interface Filter {
  /** The plugin's name in Kubernetes. */
  String name();

  /** What to ask of every node for this pod; null when the pod asks nothing of this kind. */
  @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster);

  /** After which changes this filter may accept what it rejected before. */
  Set<ClusterChange> curedBy();

  /**
   * Whether the verdict about a node depends on that node alone, so that after a change of one node
   * it is enough to ask about that one. False for rules about other pods' whereabouts.
   */
  default boolean local() {
    return true;
  }

  /** The question for one node. Allocates nothing that grows with the cluster. */
  @FunctionalInterface
  interface Check {
    Verdict check(NodeView node);
  }
}
