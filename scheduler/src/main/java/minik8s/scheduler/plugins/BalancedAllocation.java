package minik8s.scheduler.plugins;

import java.util.List;
import minik8s.scheduler.framework.Amounts;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import org.jspecify.annotations.Nullable;

/**
 * Prefers nodes whose resources would be used in like proportion, so that none is left over alone.
 * Stateless. Source: Kubernetes' NodeResourcesBalancedAllocation.
 */
public final class BalancedAllocation implements Score {
  private final List<ScoringStrategy.Resource> resources;

  /** Of cpu and memory. */
  public BalancedAllocation() {
    this(ScoringStrategy.CPU_AND_MEMORY);
  }

  /** Of these resources; their weights must be 1. */
  public BalancedAllocation(List<ScoringStrategy.Resource> resources) {
    this.resources = List.copyOf(resources);
  }

  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  @Override
  public @Nullable Scorer prepareScore(
      PodView pod, ClusterSnapshot cluster, List<NodeView> feasible) {
    for (ScoringStrategy.Resource resource : resources) {
      if (pod.requests().of(resource.name()) > 0) {
        return node -> (long) ((1 - deviation(pod.requests(), node)) * MAX);
      }
    }
    return null;
  }

  /** The standard deviation of the shares in use. */
  private double deviation(Amounts wanted, NodeView node) {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (ScoringStrategy.Resource resource : resources) {
      String name = resource.name();
      long all = node.allocatable().of(name);
      if (all <= 0 || (wanted.of(name) == 0 && Amounts.isExtended(name))) {
        continue;
      }
      double share = Math.min(1, (double) (node.requested().of(name) + wanted.of(name)) / all);
      sum += share;
      squares += share * share;
      count++;
    }
    if (count < 2) {
      return 0;
    }
    double mean = sum / count;
    return Math.sqrt(Math.max(0, squares / count - mean * mean));
  }
}
