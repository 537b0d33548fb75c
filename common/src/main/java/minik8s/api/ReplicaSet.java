package minik8s.api;

import java.util.List;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** A set of pods of one template. Immutable; the template stays the user's own JSON. */
public record ReplicaSet(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public ReplicaSet {
    status = status == null ? new Status(0, 0, 0, 0, null, 0, List.of()) : status;
  }

  /** How many pods, which are ours, and what they look like. */
  public record Spec(
      @Nullable Integer replicas, int minReadySeconds, LabelSelector selector, Raw template) {
    /** The wanted number of pods; 1 when absent. */
    public int wanted() {
      return replicas == null ? 1 : replicas;
    }
  }

  /** What the controller saw. */
  public record Status(
      int replicas,
      int fullyLabeledReplicas,
      int readyReplicas,
      int availableReplicas,
      @Nullable Integer terminatingReplicas,
      long observedGeneration,
      List<Condition> conditions) {
    public Status {
      conditions = Lists.of(conditions);
    }
  }
}
