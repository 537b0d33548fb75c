package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import minik8s.api.Condition;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.kubelet.sandbox.Admission;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the kubelet has decided over a pod: it fails, and why. Immutable.
 *
 * @param grace that its containers get
 * @param evicted whether it ran, or could have run, and had to make room
 */
public record Verdict(String reason, String message, Duration grace, boolean evicted) {
  /** The node never took the pod. */
  static Verdict refused(Admission.Refusal refusal) {
    return new Verdict(
        refusal.reason(), "Pod was rejected: " + refusal.message(), Duration.ZERO, false);
  }

  /** The pod had to make room. */
  public static Verdict evicted(String message, Duration grace) {
    return new Verdict("Evicted", message, grace, true);
  }

  /** The pod as it will be once this has been carried out. */
  Pod applied(Pod pod, Instant now) {
    ObjectNode tree = Json.tree(pod);
    tree.withObject("metadata").remove("deletionGracePeriodSeconds");
    tree.withObject("spec").put("terminationGracePeriodSeconds", grace.toSeconds());
    ObjectNode status = tree.withObject("status");
    status.put("phase", "Failed").put("reason", reason).put("message", message);
    if (evicted) {
      ArrayNode conditions = status.putArray("conditions");
      Condition.set(
              pod.status().conditions(),
              Condition.of("DisruptionTarget", true, "TerminationByKubelet", message, now))
          .forEach(condition -> conditions.add(Json.tree(condition)));
    }
    return Json.read(tree, Pod.class);
  }
}
