package minik8s.api;

import java.util.List;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** One pod on every node that fits. Immutable; the template stays the user's own JSON. */
public record DaemonSet(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public DaemonSet {
    status = status == null ? new Status(0, 0, 0, 0, 0, 0, 0, 0, null, List.of()) : status;
  }

  /**
   * What is wanted.
   *
   * @param revisionHistoryLimit old revisions kept; null means 10
   */
  public record Spec(
      LabelSelector selector,
      Raw template,
      @Nullable UpdateStrategy updateStrategy,
      int minReadySeconds,
      @Nullable Integer revisionHistoryLimit) {}

  /** {@code RollingUpdate} or {@code OnDelete}. */
  public record UpdateStrategy(String type, @Nullable RollingUpdate rollingUpdate) {
    public UpdateStrategy {
      type = type == null || type.isEmpty() ? "RollingUpdate" : type;
    }
  }

  /** How many nodes may lack an available pod (null means 1), how many may have two (null: 0). */
  public record RollingUpdate(
      @Nullable IntOrString maxUnavailable, @Nullable IntOrString maxSurge) {}

  /**
   * What the controller saw, counted in nodes.
   *
   * @param numberMisscheduled nodes that run a pod and should not
   * @param collisionCount how often a revision's name turned out to be taken; null for never
   */
  public record Status(
      int currentNumberScheduled,
      int numberMisscheduled,
      int desiredNumberScheduled,
      int numberReady,
      long observedGeneration,
      int updatedNumberScheduled,
      int numberAvailable,
      int numberUnavailable,
      @Nullable Integer collisionCount,
      List<Condition> conditions) {
    public Status {
      conditions = Lists.of(conditions);
    }
  }
}
