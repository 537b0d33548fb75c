package minik8s.scheduler.framework;

import java.util.List;
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

  /**
   * For rules about other pods' whereabouts: whether another pod's coming or going, on whatever
   * node, may change a verdict about this one.
   */
  default boolean concerns(PodView pod, PodView other, ClusterSnapshot cluster) {
    return false;
  }

  /** The question for one node. Allocates nothing that grows with the cluster. */
  @FunctionalInterface
  interface Check {
    Verdict check(NodeView node);

    /**
     * Reckons from now on as if another pod had come to a node ({@code by} 1) or left it (-1); the
     * node's own view is not of this check's concern. What was reckoned is undone by its opposite.
     */
    default void reckon(PodView other, NodeView node, int by) {}

    /**
     * The only nodes that can pass, by name, so that the others need not be asked; null for any.
     */
    default @Nullable Set<String> only() {
      return null;
    }

    /** What must be written before the pod can be bound to a node that passed. */
    default List<VolumeDuty> duties(NodeView node) {
      return List.of();
    }
  }

  /** A pod that no node will do for, whichever. */
  record Refusal(String reason) implements Check {
    @Override
    public Verdict check(NodeView node) {
      return Verdict.hopeless(reason);
    }
  }
}
