package minik8s.scheduler.plugins;

import java.util.ArrayList;
import java.util.List;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import org.jspecify.annotations.Nullable;

/**
 * Prefers nodes that hold the pod's images, the larger the better. Stateless. An image that few
 * nodes hold counts less, lest all pods crowd there. Source: Kubernetes' ImageLocality.
 */
public final class ImageLocality implements Score {
  private static final long MIN_BYTES = 23L << 20;
  private static final long MAX_BYTES_PER_CONTAINER = 1000L << 20;

  private record Held(String image, double spread) {}

  @Override
  public String name() {
    return "ImageLocality";
  }

  @Override
  public @Nullable Scorer prepareScore(
      PodView pod, ClusterSnapshot cluster, List<NodeView> feasible) {
    List<Held> held = new ArrayList<>(pod.images().size());
    for (String image : pod.images()) {
      int holders = cluster.holdersOf(image);
      if (holders > 0) {
        held.add(new Held(image, (double) holders / cluster.size()));
      }
    }
    if (held.isEmpty()) {
      return null;
    }
    long ceiling = MAX_BYTES_PER_CONTAINER * pod.images().size();
    return node -> {
      long bytes = Math.clamp(present(held, node), MIN_BYTES, ceiling);
      return MAX * (bytes - MIN_BYTES) / (ceiling - MIN_BYTES);
    };
  }

  private static long present(List<Held> held, NodeView node) {
    long sum = 0;
    for (Held image : held) {
      Long bytes = node.images().get(image.image());
      sum += bytes == null ? 0 : (long) (bytes * image.spread());
    }
    return sum;
  }
}
