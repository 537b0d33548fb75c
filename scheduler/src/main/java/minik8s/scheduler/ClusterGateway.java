package minik8s.scheduler;

import minik8s.api.Pod;
import minik8s.scheduler.framework.VolumeDuty;

/**
 * All that the scheduler does to the cluster. Implementations are thread-safe; methods block and
 * throw {@link minik8s.api.ApiException}.
 */
public interface ClusterGateway {
  /** Gives the pod its node, once and for all; a pod that has one already is a Conflict. */
  void bind(Pod pod, String node);

  /**
   * Says on the pod why it has no node yet; saying the same again writes nothing.
   *
   * @param reason of the condition {@code PodScheduled}, such as {@code Unschedulable}
   * @param room what becomes of the room kept for it on some node
   */
  void explain(Pod pod, String reason, String message, Room room);

  /**
   * Says on the pod why it has no node yet and that room is made for it on this one.
   *
   * @return false when the pod does not want a node any more
   */
  boolean nominate(Pod pod, String message, String node);

  /** Says on the pod that no room is kept for it any more. */
  void withdraw(Pod pod);

  /** Deletes a pod for a more important one; one that is gone already is fine. */
  void evict(Pod victim, Pod preemptor, String node);

  /** Writes what a pod's volumes need before the pod can be bound. */
  void fulfil(VolumeDuty duty);

  /** What becomes of the room kept for a pod. */
  enum Room {
    AS_BEFORE,
    GIVEN_UP
  }
}
