package minik8s.scheduler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Profile;

/** One placement plan per profile. Confined to the scheduling loop. */
final class Plans {
  private final Map<String, PlacementPlan> byName = new LinkedHashMap<>();

  /**
   * @param condemned whether a pod is being deleted for another, by its identity
   */
  Plans(List<Profile> profiles, ClusterSnapshot cluster, Predicate<String> condemned) {
    for (Profile profile : profiles) {
      byName.put(profile.schedulerName(), new PlacementPlan(profile, cluster, condemned));
    }
  }

  /** Whether pods that name this scheduler are ours. */
  boolean has(String schedulerName) {
    return byName.containsKey(schedulerName);
  }

  /**
   * The plan for a pod.
   *
   * @throws IllegalArgumentException when the pod is not ours
   */
  PlacementPlan of(PodView pod) {
    PlacementPlan plan = byName.get(pod.pod().spec().schedulerName());
    if (plan == null) {
      throw new IllegalArgumentException("no profile for " + pod.pod().spec().schedulerName());
    }
    return plan;
  }
}
