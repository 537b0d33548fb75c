package minik8s.scheduler.plugins;

import java.util.List;
import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.HostPort;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/** Two pods cannot open the same port of one node. Stateless. */
public final class NodePorts implements Filter {
  private static final Verdict TAKEN =
      Verdict.rejected("node(s) didn't have free ports for the requested pod ports");

  @Override
  public String name() {
    return "NodePorts";
  }

  @Override
  public @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    List<HostPort> wanted = pod.hostPorts();
    return wanted.isEmpty() ? null : node -> taken(wanted, node) ? TAKEN : Verdict.FITS;
  }

  private static boolean taken(List<HostPort> wanted, NodeView node) {
    for (PodView other : node.pods()) {
      for (HostPort used : other.hostPorts()) {
        for (HostPort port : wanted) {
          if (port.conflictsWith(used)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(ClusterChange.NODE_ADDED, ClusterChange.POD_FREED);
  }
}
