package minik8s.api.quota;

import java.util.Map;
import java.util.TreeMap;
import minik8s.api.Quantity;
import tools.jackson.databind.JsonNode;

/**
 * What a pod as a whole asks for: the most that its containers need at one time, and its overhead.
 * Pure. Source: {@code k8s.io/component-helpers/resource}.
 */
public final class PodAmounts {
  private PodAmounts() {}

  /** The requests of a pod document. */
  public static Map<String, Quantity> requests(JsonNode pod) {
    Map<String, Quantity> sum = effective(pod.path("spec"), "requests");
    return Amounts.plus(sum, Amounts.read(pod.path("spec").path("overhead")));
  }

  /** The limits of a pod document; overhead counts only where there is a limit. */
  public static Map<String, Quantity> limits(JsonNode pod) {
    Map<String, Quantity> sum = new TreeMap<>(effective(pod.path("spec"), "limits"));
    Amounts.read(pod.path("spec").path("overhead"))
        .forEach((name, amount) ->
            sum.computeIfPresent(name, (_, known) -> Amounts.plus(known, amount)));
    return sum;
  }

  /**
   * Containers run together; an init container runs alone but for the sidecars before it. What is
   * said for the pod as a whole counts instead.
   */
  private static Map<String, Quantity> effective(JsonNode spec, String what) {
    Map<String, Quantity> together = new TreeMap<>();
    for (JsonNode container : spec.path("containers")) {
      together = Amounts.plus(together, amounts(container, what));
    }
    Map<String, Quantity> sidecars = new TreeMap<>();
    Map<String, Quantity> peak = new TreeMap<>();
    for (JsonNode init : spec.path("initContainers")) {
      Map<String, Quantity> own = amounts(init, what);
      if (init.path("restartPolicy").asString("").equals("Always")) {
        sidecars = Amounts.plus(sidecars, own);
        peak = Amounts.max(peak, sidecars);
      } else {
        peak = Amounts.max(peak, Amounts.plus(sidecars, own));
      }
    }
    Map<String, Quantity> most = Amounts.max(Amounts.plus(together, sidecars), peak);
    most.putAll(amounts(spec, what));
    return most;
  }

  private static Map<String, Quantity> amounts(JsonNode holder, String what) {
    return Amounts.read(holder.path("resources").path(what));
  }
}
