package minik8s.scheduler;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.queue.Help;
import minik8s.scheduler.queue.QueuedPod;
import minik8s.scheduler.queue.SchedulingQueue;

/**
 * Tells which rejected pods a change may help, Kubernetes' queueing hints. Confined to the
 * scheduling loop.
 */
final class Wakings {
  private static final Set<ClusterChange> STORAGE = EnumSet.of(ClusterChange.STORAGE);

  private final ClusterSnapshot cluster;
  private final SchedulingQueue queue;
  private final Plans plans;

  Wakings(ClusterSnapshot cluster, SchedulingQueue queue, Plans plans) {
    this.cluster = cluster;
    this.queue = queue;
    this.plans = plans;
  }

  /**
   * A pod came to a node or left it. It helps only whom the room on that node is enough for, which
   * spares a full cluster much vain seeking, and those who have a rule about such pods.
   */
  void moved(Set<ClusterChange> changes, String nodeName, PodView other, Instant at) {
    NodeView node = cluster.node(nodeName);
    if (node == null) {
      return;
    }
    boolean freed = changes.contains(ClusterChange.POD_FREED);
    queue.wake(
        pod -> {
          if (!pod.cure().among(changes)) {
            return Help.NONE;
          }
          PlacementPlan plan = plans.of(pod.pod());
          boolean concerned = plan.concerns(pod.pod(), other);
          if ((freed || concerned) && plan.couldFit(pod.pod(), node)) {
            return Help.LIKELY;
          }
          return concerned ? Help.MAYBE : Help.NONE;
        },
        at);
  }

  /**
   * A node came or changed. That concerns also those that still don't fit, so that the explanation
   * on the pod stays true.
   */
  void node(Set<ClusterChange> changes, String nodeName, Instant at) {
    NodeView node = cluster.node(nodeName);
    if (node == null || changes.isEmpty()) {
      return;
    }
    queue.wake(
        pod -> {
          if (!pod.cure().among(changes)) {
            return Help.NONE;
          }
          return plans.of(pod.pod()).couldFit(pod.pod(), node) ? Help.LIKELY : Help.MAYBE;
        },
        at);
  }

  /** Something changed that no node in particular has to do with. */
  void changed(Set<ClusterChange> changes, Instant at) {
    queue.wake(pod -> pod.cure().among(changes) ? Help.MAYBE : Help.NONE, at);
  }

  /** A claim came, changed or went: that helps who uses it, and nobody else. */
  void claim(String key, Instant at) {
    queue.wake(pod -> uses(pod, key) ? Help.LIKELY : Help.NONE, at);
  }

  private static boolean uses(QueuedPod pod, String claim) {
    return pod.cure().among(STORAGE) && pod.pod().claims().contains(claim);
  }

  /** The case of one pod is another now. */
  void one(String podId, Instant at) {
    queue.wake(pod -> pod.pod().id().equals(podId) ? Help.MAYBE : Help.NONE, at);
  }
}
