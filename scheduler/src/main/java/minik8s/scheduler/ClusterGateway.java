package minik8s.scheduler;

import minik8s.api.Pod;

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
   */
  void explain(Pod pod, String reason, String message);
}
