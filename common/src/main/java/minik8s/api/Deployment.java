package minik8s.api;

import java.util.List;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** A rollout of pod templates through replica sets. Immutable. */
public record Deployment(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public Deployment {
    status = status == null ? new Status(0, 0, 0, 0, 0, 0, null, List.of(), null) : status;
  }

  /**
   * What is wanted.
   *
   * @param revisionHistoryLimit old replica sets kept; null means 10
   * @param progressDeadlineSeconds seconds without progress until the rollout counts as failed;
   *     null means 600
   */
  public record Spec(
      @Nullable Integer replicas,
      LabelSelector selector,
      Raw template,
      @Nullable Strategy strategy,
      int minReadySeconds,
      @Nullable Integer revisionHistoryLimit,
      boolean paused,
      @Nullable Integer progressDeadlineSeconds) {
    /** The wanted number of pods; 1 when absent. */
    public int wanted() {
      return replicas == null ? 1 : replicas;
    }
  }

  /** {@code RollingUpdate} or {@code Recreate}. */
  public record Strategy(String type, @Nullable RollingUpdate rollingUpdate) {
    public Strategy {
      type = type == null || type.isEmpty() ? "RollingUpdate" : type;
    }
  }

  /** How far the number of pods may leave the wanted one during a rollout; null means 25 %. */
  public record RollingUpdate(
      @Nullable IntOrString maxUnavailable, @Nullable IntOrString maxSurge) {}

  /** What the controller saw. */
  public record Status(
      long observedGeneration,
      int replicas,
      int updatedReplicas,
      int readyReplicas,
      int availableReplicas,
      int unavailableReplicas,
      @Nullable Integer terminatingReplicas,
      List<Condition> conditions,
      @Nullable Integer collisionCount) {
    public Status {
      conditions = Lists.of(conditions);
    }
  }
}
