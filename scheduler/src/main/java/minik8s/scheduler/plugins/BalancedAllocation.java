package minik8s.scheduler.plugins;

import minik8s.scheduler.framework.Amounts;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import org.jspecify.annotations.Nullable;

/**
 * Prefers nodes whose cpu and memory would be used in like proportion, so that neither is left over
 * alone. Stateless. Source: Kubernetes' NodeResourcesBalancedAllocation.
 */
public final class BalancedAllocation implements Score {
  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  @Override
  public @Nullable Scorer prepareScore(PodView pod, ClusterSnapshot cluster) {
    Amounts wanted = pod.requests();
    if (wanted.cpu() == 0 && wanted.memory() == 0) {
      return null;
    }
    return node -> {
      double cpu = share(node.allocatable().cpu(), node.requested().cpu() + wanted.cpu());
      double memory =
          share(node.allocatable().memory(), node.requested().memory() + wanted.memory());
      // The standard deviation of two numbers is half their distance.
      return (long) ((1 - Math.abs(cpu - memory) / 2) * MAX);
    };
  }

  private static double share(long all, long used) {
    return all <= 0 ? 1 : Math.min(1, (double) used / all);
  }
}
