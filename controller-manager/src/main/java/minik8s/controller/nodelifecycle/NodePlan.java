package minik8s.controller.nodelifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Condition;
import minik8s.api.Node;
import minik8s.api.Pod;

/** Decides what follows from a node's silence or its conditions. Pure. */
final class NodePlan {
  private NodePlan() {}

  /** One thing to do for a node. */
  sealed interface Action {
    /** Say that nothing is known of it any more. */
    record MarkUnknown(List<Condition> conditions) implements Action {}

    /** Replace its taints. */
    record SetTaints(List<Node.Taint> taints) implements Action {}

    /** Say that a pod on it does not serve. */
    record MarkNotReady(Pod pod) implements Action {}
  }

  /**
   * What to do next; after {@link Action.MarkUnknown} plan again on the changed node.
   *
   * @param silent whether the node was not heard for the grace period
   * @param evict whether its pods may be driven out now
   */
  static List<Action> next(Node node, List<Pod> pods, boolean silent, boolean evict, Instant now) {
    if (silent) {
      List<Condition> unknown = NodeStatuses.unknown(node, now);
      if (!unknown.equals(node.status().conditions())) {
        return List.of(new Action.MarkUnknown(unknown));
      }
    }
    List<Action> actions = new ArrayList<>();
    List<Node.Taint> taints = Taints.wanted(node, evict, now);
    if (!taints.equals(node.spec().taints())) {
      actions.add(new Action.SetTaints(taints));
    }
    if (Taints.health(node) != null) {
      pods.stream()
          .filter(pod -> pod.ready() && !heardSince(node, pod))
          .forEach(pod -> actions.add(new Action.MarkNotReady(pod)));
    }
    return actions;
  }

  /**
   * Whether the pod became ready when the node was silent already: its kubelet lives, and the two
   * would contradict each other for ever.
   */
  private static boolean heardSince(Node node, Pod pod) {
    Condition silent = Condition.find(node.status().conditions(), "Ready");
    Condition ready = Condition.find(pod.status().conditions(), "Ready");
    return silent != null
        && ready != null
        && silent.lastTransitionTime() != null
        && ready.lastTransitionTime() != null
        && !ready.lastTransitionTime().isBefore(silent.lastTransitionTime());
  }
}
