package minik8s.scheduler.plugins;

import java.util.List;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.framework.Profile.Weighted;

/** Kubernetes' default plugins in its order and with its weights. Stateless. */
public final class StandardProfile {
  private StandardProfile() {}

  /** The profile of {@code default-scheduler}. */
  public static Profile create() {
    return named("default-scheduler");
  }

  /** The same under another scheduler name. */
  public static Profile named(String schedulerName) {
    TaintToleration taints = new TaintToleration();
    NodeAffinity affinity = new NodeAffinity();
    NodeResourcesFit resources = new NodeResourcesFit();
    PodTopologySpread spread = new PodTopologySpread();
    InterPodAffinity neighbours = new InterPodAffinity();
    return new Profile(
        schedulerName,
        List.of(
            new NodeUnschedulable(),
            new NodeName(),
            taints,
            affinity,
            new NodePorts(),
            resources,
            new VolumeRestrictions(),
            new VolumeBinding(),
            spread,
            neighbours),
        List.of(
            new Weighted(taints, 3),
            new Weighted(affinity, 2),
            new Weighted(spread, 2),
            new Weighted(neighbours, 2),
            new Weighted(resources, 1),
            new Weighted(new BalancedAllocation(), 1),
            new Weighted(new ImageLocality(), 1)),
        true,
        0);
  }
}
