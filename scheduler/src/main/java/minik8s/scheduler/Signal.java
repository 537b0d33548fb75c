package minik8s.scheduler;

import java.util.List;
import minik8s.api.Failure;
import minik8s.api.KubeObject;
import minik8s.api.Node;
import minik8s.api.Pod;
import org.jspecify.annotations.Nullable;

/** Something that the scheduling loop must know. Immutable. */
sealed interface Signal {
  /** What it is about, for logs. */
  default String subject() {
    return switch (this) {
      case PodChanged pod -> "pod " + name(pod.now() == null ? pod.old() : pod.now());
      case NodeChanged node -> "node " + name(node.now() == null ? node.old() : node.now());
      case OtherChanged other -> name(other.now() == null ? other.old() : other.now());
      case BindFailed failed -> "binding of pod " + failed.podId();
      case VolumesAsked asked -> "volumes of pod " + asked.podId();
      case EvictionFailed failed -> "eviction for pod " + failed.podId();
      case Lead _ -> "leadership";
      case Alarm _ -> "alarm";
    };
  }

  private static String name(@Nullable KubeObject object) {
    return object == null ? "" : object.getClass().getSimpleName() + " " + object.key();
  }

  /** A pod came ({@code old} null), changed, or went ({@code now} null). */
  record PodChanged(@Nullable Pod old, @Nullable Pod now) implements Signal {}

  /** A node came ({@code old} null), changed, or went ({@code now} null). */
  record NodeChanged(@Nullable Node old, @Nullable Node now) implements Signal {}

  /** A claim, volume, storage class, namespace or disruption budget came, changed, or went. */
  record OtherChanged(@Nullable KubeObject old, @Nullable KubeObject now) implements Signal {}

  /** The API server refused a binding or could not be asked. */
  record BindFailed(String podId, Failure failure) implements Signal {}

  /** What a pod's volumes need was written; whether it comes to pass the informers will show. */
  record VolumesAsked(String podId) implements Signal {}

  /** Not all pods that should leave for another could be deleted. */
  record EvictionFailed(String podId, List<String> victims, Failure failure) implements Signal {}

  /** This process became the one that acts. */
  record Lead() implements Signal {}

  /** Time has passed that the queue waited for. */
  record Alarm() implements Signal {}
}
