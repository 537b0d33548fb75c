package minik8s.api;

import java.time.Instant;
import java.util.List;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** A wish that something be as large as its load demands. Immutable. Version {@code v2}. */
public record HorizontalPodAutoscaler(ObjectMeta metadata, Spec spec, Status status)
    implements KubeObject {
  /** The endpoint. */
  public static final Resource<HorizontalPodAutoscaler> RESOURCE =
      new Resource<>(
          "autoscaling",
          "v2",
          "horizontalpodautoscalers",
          "HorizontalPodAutoscaler",
          true,
          HorizontalPodAutoscaler.class);

  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public HorizontalPodAutoscaler {
    status = status == null ? new Status(null, null, 0, 0, List.of(), List.of()) : status;
  }

  /**
   * What is wanted.
   *
   * @param minReplicas null means 1
   * @param behavior null for the usual pace
   */
  public record Spec(
      TargetRef scaleTargetRef,
      @Nullable Integer minReplicas,
      int maxReplicas,
      List<Metric> metrics,
      @Nullable Behavior behavior) {
    public Spec {
      metrics = Lists.of(metrics);
    }

    /** The smallest size; 1 when absent. */
    public int least() {
      return minReplicas == null ? 1 : minReplicas;
    }
  }

  /** Another object of the same namespace. */
  public record TargetRef(String apiVersion, String kind, String name) {
    public TargetRef {
      apiVersion = Lists.of(apiVersion);
    }
  }

  /**
   * One measure and its target; the source is in the field that {@code type} names.
   *
   * @param type {@code Resource}, {@code ContainerResource}, {@code Pods}, {@code Object} or {@code
   *     External}
   */
  public record Metric(
      String type,
      @Nullable ResourceSource resource,
      @Nullable ResourceSource containerResource,
      @Nullable NamedSource pods,
      @Nullable NamedSource object,
      @Nullable NamedSource external) {}

  /**
   * Processor or memory of the pods, or of one container in each.
   *
   * @param container empty for whole pods
   */
  public record ResourceSource(String name, String container, Target target) {
    public ResourceSource {
      container = Lists.of(container);
    }
  }

  /**
   * A measure that somebody else takes.
   *
   * @param describedObject what it is of; null unless it is of an object
   */
  public record NamedSource(@Nullable TargetRef describedObject, MetricId metric, Target target) {}

  /** A measure by name, and by labels where there are several of the name. */
  public record MetricId(String name, @Nullable LabelSelector selector) {}

  /**
   * Where a measure shall be.
   *
   * @param type {@code Utilization}, {@code Value} or {@code AverageValue}
   * @param averageUtilization percent of the request
   */
  public record Target(
      String type,
      @Nullable Quantity value,
      @Nullable Quantity averageValue,
      @Nullable Integer averageUtilization) {
    public Target {
      type = Lists.of(type);
    }
  }

  /** How fast the size may change; null for the usual. */
  public record Behavior(@Nullable Rules scaleUp, @Nullable Rules scaleDown) {}

  /**
   * The pace of one direction.
   *
   * @param stabilizationWindowSeconds how long back recommendations count; null for the default
   * @param selectPolicy {@code Max}, {@code Min} or {@code Disabled}
   * @param tolerance how far off the target is still on it; null for the controller's
   */
  public record Rules(
      @Nullable Integer stabilizationWindowSeconds,
      String selectPolicy,
      List<Policy> policies,
      @Nullable Quantity tolerance) {
    public Rules {
      selectPolicy = selectPolicy == null || selectPolicy.isEmpty() ? "Max" : selectPolicy;
      policies = Lists.of(policies);
    }
  }

  /**
   * How much the size may change within a time.
   *
   * @param type {@code Pods} or {@code Percent}
   */
  public record Policy(String type, int value, int periodSeconds) {}

  /**
   * What the controller saw.
   *
   * @param currentMetrics documents of {@code MetricStatus}
   */
  public record Status(
      @Nullable Long observedGeneration,
      @Nullable Instant lastScaleTime,
      int currentReplicas,
      int desiredReplicas,
      List<Raw> currentMetrics,
      List<Condition> conditions) {
    public Status {
      currentMetrics = Lists.of(currentMetrics);
      conditions = Lists.of(conditions);
    }
  }
}
