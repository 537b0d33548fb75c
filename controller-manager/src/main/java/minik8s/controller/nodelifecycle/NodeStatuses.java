package minik8s.controller.nodelifecycle;

import java.time.Instant;
import java.util.List;
import minik8s.api.Condition;
import minik8s.api.Node;
import org.jspecify.annotations.Nullable;

/** What a silent node's conditions become. Pure. */
final class NodeStatuses {
  private static final List<String> REPORTED =
      List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

  private NodeStatuses() {}

  /**
   * Everything that the kubelet reports becomes Unknown; what is so already stays as it is.
   *
   * @param now in whole seconds
   */
  static List<Condition> unknown(Node node, Instant now) {
    List<Condition> conditions = node.status().conditions();
    for (String type : REPORTED) {
      Condition old = Condition.find(conditions, type);
      if (old == null || !old.status().equals("Unknown")) {
        conditions = Condition.set(conditions, unknown(node, type, old, now));
      }
    }
    return conditions;
  }

  private static Condition unknown(Node node, String type, @Nullable Condition old, Instant now) {
    boolean never = old == null;
    return new Condition(
        type,
        "Unknown",
        never ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
        never ? "Kubelet never posted node status." : "Kubelet stopped posting node status.",
        now,
        old == null ? node.metadata().creationTimestamp() : old.lastHeartbeatTime(),
        null);
  }
}
