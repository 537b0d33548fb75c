package minik8s.scheduler.plugins;

import java.util.Set;
import minik8s.api.Node;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/** A cordoned node takes only pods that tolerate the taint that cordoning stands for. Stateless. */
public final class NodeUnschedulable implements Filter {
  private static final Verdict CORDONED = Verdict.hopeless("node(s) were unschedulable");
  private static final Node.Taint TAINT =
      new Node.Taint("node.kubernetes.io/unschedulable", "", "NoSchedule", null);

  @Override
  public String name() {
    return "NodeUnschedulable";
  }

  @Override
  public @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    if (pod.pod().spec().tolerations().stream().anyMatch(t -> t.tolerates(TAINT))) {
      return null;
    }
    return node -> node.cordoned() ? CORDONED : Verdict.FITS;
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(ClusterChange.NODE_ADDED, ClusterChange.NODE_TAINTS);
  }
}
