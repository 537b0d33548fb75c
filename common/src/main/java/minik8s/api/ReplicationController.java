package minik8s.api;

import java.util.List;
import java.util.Map;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** The elder form of a replica set: the selector is a plain map. Immutable. */
public record ReplicationController(ObjectMeta metadata, Spec spec, Status status)
    implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public ReplicationController {
    status = status == null ? new Status(0, 0, 0, 0, 0, List.of()) : status;
  }

  /** How many pods, which are ours, and what they look like. */
  public record Spec(
      @Nullable Integer replicas, int minReadySeconds, Map<String, String> selector, Raw template) {
    public Spec {
      selector = Lists.of(selector);
    }
  }

  /** What the controller saw. */
  public record Status(
      int replicas,
      int fullyLabeledReplicas,
      int readyReplicas,
      int availableReplicas,
      long observedGeneration,
      List<Condition> conditions) {
    public Status {
      conditions = Lists.of(conditions);
    }
  }

  /** The replica set that works as this one does, under the same metadata. */
  public ReplicaSet asReplicaSet() {
    return new ReplicaSet(
        metadata,
        new ReplicaSet.Spec(
            spec.replicas(),
            spec.minReadySeconds(),
            LabelSelector.of(spec.selector()),
            spec.template()),
        new ReplicaSet.Status(
            status.replicas(),
            status.fullyLabeledReplicas(),
            status.readyReplicas(),
            status.availableReplicas(),
            null,
            status.observedGeneration(),
            status.conditions()));
  }
}
