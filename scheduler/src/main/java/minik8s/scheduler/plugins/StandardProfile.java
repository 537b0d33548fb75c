package minik8s.scheduler.plugins;

import java.util.List;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.framework.Profile.Weighted;

/** Kubernetes' default plugins in its order and with its weights. Stateless. */
public final class StandardProfile {
  private StandardProfile() {}

  /** The profile of {@code default-scheduler}. */
  public static Profile create() {
    TaintToleration taints = new TaintToleration();
    NodeAffinity affinity = new NodeAffinity();
    NodeResourcesFit resources = new NodeResourcesFit();
    return new Profile(
        "default-scheduler",
        List.of(
            new NodeUnschedulable(), new NodeName(), taints, affinity, new NodePorts(), resources),
        List.of(
            new Weighted(taints, 3),
            new Weighted(affinity, 2),
            new Weighted(new OwnerSpread(), 2),
            new Weighted(resources, 1),
            new Weighted(new BalancedAllocation(), 1),
            new Weighted(new ImageLocality(), 1)));
  }
}
