package minik8s.scheduler.plugins;

import java.util.Map;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import org.jspecify.annotations.Nullable;

/**
 * Prefers nodes with few pods of the same controller, so that one node's end does not take all
 * replicas. Stateless. Stands for Kubernetes' default topology spread constraint over hostnames.
 */
public final class OwnerSpread implements Score {
  @Override
  public String name() {
    return "OwnerSpread";
  }

  @Override
  public @Nullable Scorer prepareScore(PodView pod, ClusterSnapshot cluster) {
    if (pod.owner().isEmpty()) {
      return null;
    }
    Map<String, Integer> siblings = cluster.podsPerNode(pod.owner());
    return siblings.isEmpty()
        ? null
        : Score.inverted(node -> siblings.getOrDefault(node.name(), 0));
  }
}
