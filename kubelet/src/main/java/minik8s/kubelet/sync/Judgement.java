package minik8s.kubelet.sync;

import java.time.Instant;
import java.util.Optional;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedPod;
import minik8s.kubelet.sandbox.Admission;
import minik8s.kubelet.status.Qos;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether the node takes a pod, and keeps it. Used by the pod's worker; an eviction arrives from
 * another thread. A verdict that is lost with the process is found again, for what it was found by
 * is still there.
 */
final class Judgement {
  private final Workshop shop;
  private final PodEvents events;
  private volatile @Nullable Verdict verdict;
  private boolean looked;

  Judgement(Workshop shop, PodEvents events) {
    this.shop = shop;
    this.events = events;
  }

  /** The pod has to go. The first verdict stands. */
  void evict(Verdict found) {
    if (verdict == null) {
      verdict = found;
      events.warning(found.reason(), found.message());
    }
  }

  /** The pod as the rest of the kubelet is to see it. */
  Pod of(Pod pod, ObservedPod observed, Instant now) {
    if (!looked) {
      looked = true;
      boolean fresh = observed.isEmpty() && pod.status().startTime() == null && pod.active();
      if (fresh && verdict == null) {
        admit(pod);
      }
    }
    Verdict found = verdict;
    return found == null || pod.finished() || pod.metadata().deleting()
        ? pod
        : found.applied(pod, now);
  }

  private void admit(Pod pod) {
    Optional<Admission.Refusal> refusal =
        Admission.refusal(pod, Qos.of(pod), shop.settings().facts());
    if (refusal.isPresent()) {
      verdict = Verdict.refused(refusal.get());
      events.warning(refusal.get().reason(), refusal.get().message());
    }
  }

  /** Whether the API must not hear yet, for it would count the pod as ended. */
  boolean untold(ObservedPod observed) {
    return verdict != null && observed.containers().stream().anyMatch(ObservedContainer::running);
  }

  /** A pod that never was on this node has no containers to tell of. */
  PodStatus of(PodStatus status, ObservedPod observed) {
    Verdict found = verdict;
    if (found == null || found.evicted() || !observed.isEmpty()) {
      return status;
    }
    ObjectNode bare = Json.tree(status);
    bare.remove("containerStatuses");
    bare.remove("initContainerStatuses");
    bare.remove("ephemeralContainerStatuses");
    return Json.read(bare, PodStatus.class);
  }
}
