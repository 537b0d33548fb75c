package minik8s.kubelet.sync;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import minik8s.api.Pod;
import minik8s.kubelet.probe.Health;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedPod;

/**
 * Everything that a plan may look at. Immutable.
 *
 * @param absent whether the API server no longer has the pod
 * @param images by container name
 * @param health by container id
 * @param hooked ids of containers whose preStop hook has ended
 */
public record PodView(
    Pod pod,
    boolean absent,
    ObservedPod observed,
    PodMemory memory,
    Map<String, ImageState> images,
    Map<String, Health> health,
    Set<String> hooked,
    Instant now) {
  /** Whether everything has to end. */
  public boolean ending() {
    return absent || pod.metadata().deleting();
  }

  /** What probes and hooks say of a running container. */
  Health health(ObservedContainer container) {
    return health.getOrDefault(container.id(), Health.GOOD);
  }
}
