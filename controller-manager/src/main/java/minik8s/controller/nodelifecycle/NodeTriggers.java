package minik8s.controller.nodelifecycle;

import java.util.List;
import minik8s.api.Condition;
import minik8s.api.Lease;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.client.informer.Informer;
import minik8s.control.WorkQueue;

/** What wakes the controller of a node: its appearance and changes that matter, not heartbeats. */
public final class NodeTriggers {
  private NodeTriggers() {}

  /**
   * Registers with the informers; do so before they are fed.
   *
   * @param leases those in namespace kube-node-lease
   */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      NodeReconciler reconciler,
      Informer<Node> nodes,
      Informer<Lease> leases,
      Informer<Pod> pods) {
    Heartbeats heartbeats = reconciler.heartbeats();
    leases.onChange((old, now) -> {
      if (now != null) {
        heartbeats.hear(now.metadata().name());
      }
    });
    nodes.onChange((old, now) -> {
      Node node = now == null ? old : now;
      if (node == null) {
        return;
      }
      // Heard first: a worker that takes the key at once must not find the node silent still.
      if (old != null && now != null && heartbeat(old) != heartbeat(now)) {
        heartbeats.hear(node.metadata().name());
      }
      if (old == null || now == null || matters(old, now)) {
        queue.add(node.key());
      }
    });
    // A pod may have become ready just before its node fell silent.
    pods.onChange((_, now) -> {
      if (now != null && now.ready() && now.bound()) {
        ObjectKey node = ObjectKey.cluster(now.spec().nodeName());
        if (nodes.lister().get(node).filter(n -> Taints.health(n) != null).isPresent()) {
          queue.add(node);
        }
      }
    });
  }

  private static long heartbeat(Node node) {
    Condition ready = Condition.find(node.status().conditions(), "Ready");
    return ready == null || ready.lastHeartbeatTime() == null || ready.status().equals("Unknown")
        ? 0
        : ready.lastHeartbeatTime().getEpochSecond();
  }

  private static boolean matters(Node old, Node now) {
    return !old.spec().equals(now.spec())
        || !old.uid().equals(now.uid())
        || !states(old).equals(states(now));
  }

  private static List<String> states(Node node) {
    return node.status().conditions().stream().map(c -> c.type() + c.status()).toList();
  }
}
