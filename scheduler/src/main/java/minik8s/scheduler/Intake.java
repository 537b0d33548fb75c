package minik8s.scheduler;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.queue.Help;
import minik8s.scheduler.queue.QueuedPod;
import minik8s.scheduler.queue.SchedulingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Enters into the loop's books what the informers report: pods on nodes into the cluster's state,
 * our pods without a node into the queue, pods being bound into neither. Confined to the scheduling
 * loop. What it is told twice changes nothing, and the order of pods and nodes does not matter.
 */
final class Intake {
  private static final Set<ClusterChange> ROOM = Set.of(ClusterChange.POD_FREED);

  private final String schedulerName;
  private final ClusterState cluster;
  private final SchedulingQueue queue;
  private final PlacementPlan plan;
  private final Map<String, Flight> flights = new HashMap<>();

  Intake(String schedulerName, ClusterState cluster, SchedulingQueue queue, PlacementPlan plan) {
    this.schedulerName = schedulerName;
    this.cluster = cluster;
    this.queue = queue;
    this.plan = plan;
  }

  void pod(@Nullable Pod old, @Nullable Pod now, Instant at) {
    if (old != null && (now == null || !PodView.idOf(old).equals(PodView.idOf(now)))) {
      forget(PodView.idOf(old), at);
    }
    if (now == null) {
      return;
    }
    if (now.finished()) {
      forget(PodView.idOf(now), at);
    } else if (now.bound()) {
      bound(PodView.of(now), at);
    } else {
      pending(now, at);
    }
  }

  private void bound(PodView pod, Instant at) {
    String node = pod.pod().spec().nodeName();
    queue.remove(pod.id());
    flights.remove(pod.id());
    String before = cluster.nodeOf(pod.id());
    cluster.place(pod, node);
    if (before != null && !before.equals(node)) {
      wake(ROOM, before, at);
    }
  }

  private void pending(Pod pod, Instant at) {
    String id = PodView.idOf(pod);
    Flight flight = flights.get(id);
    if (flight != null) {
      // The informer is behind: it does not show the binding yet.
      flights.put(id, new Flight(flight.pod().with(PodView.of(pod)), flight.node()));
    } else if (pod.metadata().deleting() || !pod.spec().schedulerName().equals(schedulerName)) {
      queue.remove(id);
    } else {
      queue.put(PodView.of(pod), at);
    }
  }

  private void forget(String id, Instant at) {
    queue.remove(id);
    flights.remove(id);
    free(id, at);
  }

  void node(@Nullable Node old, @Nullable Node now, Instant at) {
    if (now == null) {
      if (old != null) {
        cluster.removeNode(old.metadata().name());
      }
      return;
    }
    cluster.put(now);
    wake(ClusterChange.between(old, now), now.metadata().name(), at);
  }

  /** Counts the pod as being on the node before the API server knows. */
  void assume(QueuedPod pod, String node) {
    flights.put(pod.pod().id(), new Flight(pod, node));
    cluster.place(pod.pod(), node);
  }

  /** Takes an assumption back; null when the pod was bound or deleted in the meantime. */
  @Nullable QueuedPod giveUp(String id, Instant at) {
    Flight flight = flights.remove(id);
    if (flight == null) {
      return null;
    }
    free(id, at);
    return flight.pod();
  }

  /** How many pods are being bound or not yet seen bound. */
  int assumed() {
    return flights.size();
  }

  private void free(String id, Instant at) {
    String node = cluster.removePod(id);
    if (node != null) {
      wake(ROOM, node, at);
    }
  }

  private void wake(Set<ClusterChange> changes, String nodeName, Instant at) {
    NodeView node = cluster.node(nodeName);
    if (node != null && !changes.isEmpty()) {
      queue.wake(pod -> help(changes, node, pod), at);
    }
  }

  /**
   * Room on a node helps only whom it is enough for, which spares a full cluster much vain seeking.
   * A change of a node itself concerns also those that still don't fit, so that the explanation on
   * the pod stays true; and rules about other pods' whereabouts cannot be judged by one node.
   */
  private Help help(Set<ClusterChange> changes, NodeView node, QueuedPod pod) {
    if (!pod.cure().among(changes)) {
      return Help.NONE;
    }
    if (plan.couldFit(pod.pod(), node)) {
      return Help.LIKELY;
    }
    return changes.equals(ROOM) && pod.cure().local() ? Help.NONE : Help.MAYBE;
  }
}
