package minik8s.controller.nodelifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.api.Condition;
import minik8s.api.Node;
import minik8s.api.Node.Taint;
import org.jspecify.annotations.Nullable;

/** Which taints a node's conditions call for. Pure; taints of others are kept. */
final class Taints {
  static final String NOT_READY = "node.kubernetes.io/not-ready";
  static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

  /** Conditions that are bad when True, and their taints. */
  private static final Map<String, String> PRESSURES =
      Map.of(
          "MemoryPressure", "node.kubernetes.io/memory-pressure",
          "DiskPressure", "node.kubernetes.io/disk-pressure",
          "PIDPressure", "node.kubernetes.io/pid-pressure",
          "NetworkUnavailable", "node.kubernetes.io/network-unavailable");

  private Taints() {}

  /**
   * The node's taints as they should be.
   *
   * @param evict whether its pods may be driven out now; if not, a NoExecute taint that is there
   *     stays and none is added
   * @param now in whole seconds
   */
  static List<Taint> wanted(Node node, boolean evict, Instant now) {
    List<Taint> wanted = new ArrayList<>();
    List<Taint> ours = new ArrayList<>();
    String health = health(node);
    if (health != null) {
      ours.add(new Taint(health, "", "NoSchedule", now));
      Taint noExecute = new Taint(health, "", "NoExecute", now);
      if (evict || has(node, noExecute)) {
        ours.add(noExecute);
      }
    }
    if (node.spec().unschedulable()) {
      ours.add(new Taint(UNSCHEDULABLE, "", "NoSchedule", now));
    }
    PRESSURES.forEach((condition, key) -> {
      if (Condition.isTrue(node.status().conditions(), condition)) {
        ours.add(new Taint(key, "", "NoSchedule", now));
      }
    });
    for (Taint taint : node.spec().taints()) {
      if (!managed(taint) || ours.stream().anyMatch(taint::sameAs)) {
        wanted.add(taint);
      }
    }
    for (Taint taint : ours) {
      if (wanted.stream().noneMatch(taint::sameAs)) {
        wanted.add(taint);
      }
    }
    return wanted;
  }

  /** The taint key for the node's readiness; null while it is ready or has never said. */
  static @Nullable String health(Node node) {
    Condition ready = Condition.find(node.status().conditions(), "Ready");
    if (ready == null || ready.isTrue()) {
      return null;
    }
    return ready.status().equals("Unknown") ? UNREACHABLE : NOT_READY;
  }

  /** Whether the node should drive its pods out and does not yet. */
  static boolean evictionDue(Node node) {
    String health = health(node);
    return health != null && !has(node, new Taint(health, "", "NoExecute", null));
  }

  private static boolean has(Node node, Taint taint) {
    return node.spec().taints().stream().anyMatch(taint::sameAs);
  }

  private static boolean managed(Taint taint) {
    if (taint.key().equals(NOT_READY) || taint.key().equals(UNREACHABLE)) {
      // A new node is tainted not-ready by admission until it first says that it is ready.
      return true;
    }
    return taint.effect().equals("NoSchedule")
        && (taint.key().equals(UNSCHEDULABLE) || PRESSURES.containsValue(taint.key()));
  }
}
