package minik8s.scheduler;

import java.util.List;
import minik8s.scheduler.framework.Cure;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.VolumeDuty;

/** What was decided about one pod. Immutable. */
sealed interface Placement {
  /**
   * The pod shall go to this node.
   *
   * @param duties what must be written first
   */
  record On(NodeView node, List<VolumeDuty> duties) implements Placement {
    public On {
      duties = List.copyOf(duties);
    }
  }

  /**
   * No node will do.
   *
   * @param message {@code 0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were
   *     unschedulable.}
   * @param hopeless whether room that is kept for the pod somewhere is of no use either
   */
  record Nowhere(String message, Cure cure, boolean hopeless) implements Placement {}

  /**
   * No node will do as it is, but this one will when some pods have left.
   *
   * @param message why no node will do
   * @param victims less important pods, to be deleted
   * @param outbid pods that wait for room on the node and are less important, too
   */
  record Displace(
      NodeView node, List<PodView> victims, List<PodView> outbid, String message, Cure cure)
      implements Placement {
    public Displace {
      victims = List.copyOf(victims);
      outbid = List.copyOf(outbid);
    }
  }
}
