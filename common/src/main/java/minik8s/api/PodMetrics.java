package minik8s.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a pod used of late. Immutable.
 *
 * @param timestamp the end of the window
 * @param window its length as Go writes durations, such as {@code 15s}
 */
public record PodMetrics(
    ObjectMeta metadata, Instant timestamp, String window, List<ContainerUsage> containers)
    implements KubeObject {
  /** The endpoint. */
  public static final Resource<PodMetrics> RESOURCE =
      new Resource<>("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", true, PodMetrics.class);

  public PodMetrics {
    window = Lists.of(window);
    containers = Lists.of(containers);
  }

  /** One container's share. */
  public record ContainerUsage(String name, Map<String, Quantity> usage) {
    public ContainerUsage {
      usage = Lists.of(usage);
    }
  }
}
