package minik8s.scheduler;

import java.util.List;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;

/** Whether less important pods should leave for one that no node would take. Immutable. */
sealed interface Preemption {
  /**
   * Nobody need leave.
   *
   * @param why in Kubernetes' words, ending in a full stop
   * @param hopeless whether room that is kept for the pod somewhere is of no use either
   */
  record Useless(String why, boolean hopeless) implements Preemption {}

  /** With these pods gone from this node, the pod fits there. */
  record Helps(NodeView node, List<PodView> victims) implements Preemption {
    public Helps {
      victims = List.copyOf(victims);
    }
  }
}
