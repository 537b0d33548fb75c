package minik8s.kubelet.sync;

import java.time.Instant;
import java.util.Map;
import minik8s.api.Pod;
import minik8s.kubelet.runtime.ObservedPod;

/**
 * Everything that a plan may look at. Immutable.
 *
 * @param absent whether the API server no longer has the pod
 * @param images by container name
 */
public record PodView(
    Pod pod,
    boolean absent,
    ObservedPod observed,
    PodMemory memory,
    Map<String, ImageState> images,
    Instant now) {
  /** Whether everything has to end. */
  public boolean ending() {
    return absent || pod.metadata().deleting();
  }
}
