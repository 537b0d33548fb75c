package minik8s.scheduler.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.scheduler.framework.Amounts;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.Verdict;

/**
 * A node must have left what the pod requests; among those that have, the one with most left is
 * best (Kubernetes' LeastAllocated over cpu and memory). Stateless.
 */
public final class NodeResourcesFit implements Filter, Score {
  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    Amounts wanted = pod.requests();
    return node -> fits(wanted, node) ? Verdict.FITS : new Verdict.Rejected(missing(wanted, node));
  }

  private static boolean fits(Amounts wanted, NodeView node) {
    Amounts all = node.allocatable();
    Amounts used = node.requested();
    if (!enough(wanted.pods(), all.pods(), used.pods())
        || !enough(wanted.cpu(), all.cpu(), used.cpu())
        || !enough(wanted.memory(), all.memory(), used.memory())
        || !enough(wanted.storage(), all.storage(), used.storage())) {
      return false;
    }
    if (!wanted.extended().isEmpty()) {
      for (Map.Entry<String, Long> extended : wanted.extended().entrySet()) {
        String name = extended.getKey();
        if (!enough(extended.getValue(), all.extended(name), used.extended(name))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Who asks for nothing gets it even on an overfull node. */
  private static boolean enough(long wanted, long all, long used) {
    return wanted == 0 || wanted <= all - used;
  }

  private static List<String> missing(Amounts wanted, NodeView node) {
    Amounts all = node.allocatable();
    Amounts used = node.requested();
    List<String> reasons = new ArrayList<>(1);
    if (!enough(wanted.pods(), all.pods(), used.pods())) {
      reasons.add("Too many pods");
    }
    if (!enough(wanted.cpu(), all.cpu(), used.cpu())) {
      reasons.add("Insufficient cpu");
    }
    if (!enough(wanted.memory(), all.memory(), used.memory())) {
      reasons.add("Insufficient memory");
    }
    if (!enough(wanted.storage(), all.storage(), used.storage())) {
      reasons.add("Insufficient ephemeral-storage");
    }
    wanted
        .extended()
        .forEach((name, amount) -> {
          if (!enough(amount, all.extended(name), used.extended(name))) {
            reasons.add("Insufficient " + name);
          }
        });
    return reasons;
  }

  @Override
  public Scorer prepareScore(PodView pod, ClusterSnapshot cluster) {
    return node -> {
      long cpu = left(node.allocatable().cpu(), node.weighedCpu() + pod.weighedCpu());
      long memory = left(node.allocatable().memory(), node.weighedMemory() + pod.weighedMemory());
      return (cpu + memory) / 2;
    };
  }

  private static long left(long all, long used) {
    return all <= 0 || used > all ? 0 : (long) ((double) (all - used) * MAX / all);
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(
        ClusterChange.NODE_ADDED, ClusterChange.NODE_ALLOCATABLE, ClusterChange.POD_FREED);
  }
}
