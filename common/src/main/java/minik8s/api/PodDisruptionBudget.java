package minik8s.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many of some pods may be away at a time by somebody's decision. Immutable. */
public record PodDisruptionBudget(ObjectMeta metadata, Spec spec, Status status)
    implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public PodDisruptionBudget {
    spec = spec == null ? new Spec(null, null, null, "") : spec;
    status = status == null ? new Status(0, 0, 0, 0, 0, Map.of(), List.of()) : status;
  }

  /**
   * What is wished for; one of minAvailable and maxUnavailable is set.
   *
   * @param selector null matches no pod, an empty one all of the namespace
   * @param unhealthyPodEvictionPolicy {@code IfHealthyBudget} (the default) or {@code AlwaysAllow}
   */
  public record Spec(
      @Nullable IntOrString minAvailable,
      @Nullable IntOrString maxUnavailable,
      @Nullable LabelSelector selector,
      String unhealthyPodEvictionPolicy) {
    public Spec {
      unhealthyPodEvictionPolicy =
          unhealthyPodEvictionPolicy == null || unhealthyPodEvictionPolicy.isEmpty()
              ? "IfHealthyBudget"
              : unhealthyPodEvictionPolicy;
    }
  }

  /**
   * How things stand.
   *
   * @param disruptedPods evicted pods by name that have not gone yet, and when they were evicted
   */
  public record Status(
      long observedGeneration,
      int disruptionsAllowed,
      int currentHealthy,
      int desiredHealthy,
      int expectedPods,
      Map<String, Instant> disruptedPods,
      List<Condition> conditions) {
    public Status {
      disruptedPods = Lists.of(disruptedPods);
      conditions = Lists.of(conditions);
    }
  }
}
