package minik8s.kubelet.sandbox;

import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Quantity;

/**
 * How readily the kernel kills a container when the node's memory ends. Pure. Source: Kubernetes'
 * {@code GetContainerOOMScoreAdjust}.
 */
public final class OomScores {
  /** Of the sandbox: the last to go. */
  public static final int SANDBOX = -998;

  private static final int GUARANTEED = -997;
  private static final int BEST_EFFORT = 1000;
  private static final int NODE_CRITICAL = 2_000_001_000;

  private OomScores() {}

  /**
   * The adjustment; negative ones need an engine that may lower scores.
   *
   * @param qos the pod's class
   * @param nodeMemory in bytes
   */
  public static int of(Pod pod, Container container, String qos, long nodeMemory) {
    Integer priority = pod.spec().priority();
    if (qos.equals("Guaranteed") || (priority != null && priority >= NODE_CRITICAL)) {
      return GUARANTEED;
    }
    if (qos.equals("BestEffort") || nodeMemory <= 0) {
      return BEST_EFFORT;
    }
    Quantity request = container.resources().requests().get("memory");
    long bytes = request == null ? 0 : request.value();
    long score = 1000 - 1000 * bytes / nodeMemory;
    return (int) Math.min(BEST_EFFORT - 1, Math.max(1000 + GUARANTEED, score));
  }
}
