package minik8s.kubelet.status;

import java.util.List;
import java.util.Objects;
import minik8s.api.Condition;
import minik8s.api.PodStatus;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The strategic merge patch from one status to another, holding only what changed. Pure. */
final class PodStatusPatch {
  private static final List<String> FIELDS =
      List.of(
          "phase",
          "message",
          "reason",
          "hostIP",
          "hostIPs",
          "podIP",
          "startTime",
          "initContainerStatuses",
          "containerStatuses",
          "ephemeralContainerStatuses",
          "qosClass");

  private PodStatusPatch() {}

  /**
   * The patch; null when nothing changed.
   *
   * @param uid precondition: only this very pod
   */
  static @Nullable ObjectNode between(PodStatus old, PodStatus now, String uid) {
    ObjectNode before = Json.tree(old);
    ObjectNode after = Json.tree(now);
    ObjectNode status = Json.object();
    for (String field : FIELDS) {
      JsonNode value = after.get(field);
      if (!Objects.equals(before.get(field), value)) {
        status.set(field, value == null ? Json.object().nullNode() : value);
      }
    }
    conditions(old, now, status);
    ips(old, now, status);
    if (status.isEmpty()) {
      return null;
    }
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("uid", uid);
    patch.set("status", status);
    return patch;
  }

  /** Conditions merge by type, so only those that changed are sent. */
  private static void conditions(PodStatus old, PodStatus now, ObjectNode status) {
    ArrayNode changed = Json.object().arrayNode();
    for (Condition condition : now.conditions()) {
      Condition before = Condition.find(old.conditions(), condition.type());
      if (!condition.equals(before)) {
        ObjectNode node = Json.tree(condition);
        for (String field : List.of("reason", "message")) {
          if (before != null && !node.has(field)) {
            node.putNull(field);
          }
        }
        changed.add(node);
      }
    }
    if (!changed.isEmpty()) {
      status.set("conditions", changed);
    }
  }

  /** Addresses merge by ip, so those that are gone are deleted by name. */
  private static void ips(PodStatus old, PodStatus now, ObjectNode status) {
    if (old.podIPs().equals(now.podIPs())) {
      return;
    }
    ArrayNode list = status.putArray("podIPs");
    for (PodStatus.Ip ip : old.podIPs()) {
      if (!now.podIPs().contains(ip)) {
        list.addObject().put("ip", ip.ip()).put("$patch", "delete");
      }
    }
    now.podIPs().forEach(ip -> list.addObject().put("ip", ip.ip()));
  }
}
