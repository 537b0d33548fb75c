package minik8s.scheduler;

import minik8s.scheduler.framework.Cure;
import minik8s.scheduler.framework.NodeView;

/** What was decided about one pod. Immutable. */
sealed interface Placement {
  /** The pod shall go to this node. */
  record On(NodeView node) implements Placement {}

  /**
   * No node will do.
   *
   * @param message {@code 0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were
   *     unschedulable.}
   */
  record Nowhere(String message, Cure cure) implements Placement {}
}
