package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.objects;

import java.util.List;
import minik8s.api.Quantity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The quality-of-service class of a pod. Stateless. Source: {@code qos.ComputePodQOS}. */
final class PodQuality {
  private PodQuality() {}

  static String of(ObjectNode spec) {
    boolean any = false;
    boolean guaranteed = true;
    for (String list : List.of("containers", "initContainers")) {
      for (ObjectNode container : objects(spec, list)) {
        JsonNode resources = container.path("resources");
        for (String name : List.of("cpu", "memory")) {
          JsonNode limit = resources.path("limits").get(name);
          JsonNode request = resources.path("requests").get(name);
          any |= positive(limit) || positive(request);
          guaranteed &= positive(limit) && (request == null || same(limit, request));
        }
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }

  private static boolean positive(@org.jspecify.annotations.Nullable JsonNode amount) {
    try {
      return amount != null && Quantity.of(amount.asString("")).amount().signum() > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean same(JsonNode limit, JsonNode request) {
    try {
      return Quantity.of(limit.asString("")).compareAmount(Quantity.of(request.asString(""))) == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
