package minik8s.scheduler.plugins;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Node;
import minik8s.api.PodSpec;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.Verdict;

/**
 * Taints keep pods without a toleration away (NoSchedule, NoExecute) or make the node a second
 * choice (PreferNoSchedule). Stateless.
 */
public final class TaintToleration implements Filter, Score {
  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    List<PodSpec.Toleration> tolerations = pod.pod().spec().tolerations();
    Map<Node.Taint, Verdict> rejections = new HashMap<>();
    return node -> {
      for (Node.Taint taint : node.repellingTaints()) {
        if (!tolerated(tolerations, taint)) {
          return rejections.computeIfAbsent(taint, TaintToleration::rejection);
        }
      }
      return Verdict.FITS;
    };
  }

  /** Whether a taint keeps the pod off a node. */
  static boolean repelled(PodView pod, NodeView node) {
    List<PodSpec.Toleration> tolerations = pod.pod().spec().tolerations();
    for (Node.Taint taint : node.repellingTaints()) {
      if (!tolerated(tolerations, taint)) {
        return true;
      }
    }
    return false;
  }

  private static Verdict rejection(Node.Taint taint) {
    return Verdict.hopeless(
        "node(s) had untolerated taint {" + taint.key() + ": " + taint.value() + "}");
  }

  @Override
  public Scorer prepareScore(PodView pod, ClusterSnapshot cluster, List<NodeView> feasible) {
    // Only a toleration of preferences, or of every effect, has a say here.
    List<PodSpec.Toleration> tolerations =
        pod.pod().spec().tolerations().stream()
            .filter(t -> t.effect().isEmpty() || t.effect().equals("PreferNoSchedule"))
            .toList();
    return Score.inverted(node -> untolerated(tolerations, node));
  }

  private static long untolerated(List<PodSpec.Toleration> tolerations, NodeView node) {
    long count = 0;
    for (Node.Taint taint : node.discouragingTaints()) {
      if (!tolerated(tolerations, taint)) {
        count++;
      }
    }
    return count;
  }

  private static boolean tolerated(List<PodSpec.Toleration> tolerations, Node.Taint taint) {
    for (PodSpec.Toleration toleration : tolerations) {
      if (toleration.tolerates(taint)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(ClusterChange.NODE_ADDED, ClusterChange.NODE_TAINTS);
  }
}
