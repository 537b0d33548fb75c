package minik8s.api.quota;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import minik8s.api.Quantity;
import tools.jackson.databind.JsonNode;

/**
 * What one object takes from the quotas of its namespace, by the names that quotas use. Pure.
 * Source: Kubernetes' {@code pkg/quota/v1/evaluator}.
 */
public final class ObjectCost {
  private static final Quantity ONE = new Quantity("1");

  /** Kinds that were counted before {@code count/…} was known. */
  private static final Set<String> PLAIN_COUNTS =
      Set.of(
          "configmaps",
          "persistentvolumeclaims",
          "replicationcontrollers",
          "resourcequotas",
          "secrets",
          "services");

  private ObjectCost() {}

  /**
   * The cost of an object.
   *
   * @param group empty for core
   * @param plural such as {@code pods}
   */
  public static Map<String, Quantity> of(String group, String plural, JsonNode object) {
    Map<String, Quantity> cost = new TreeMap<>();
    cost.put(countName(group, plural), ONE);
    if (!group.isEmpty()) {
      return cost;
    }
    if (PLAIN_COUNTS.contains(plural)) {
      cost.put(plural, ONE);
    }
    switch (plural) {
      case "pods" -> pod(object, cost);
      case "services" -> service(object.path("spec"), cost);
      case "persistentvolumeclaims" -> claim(object, cost);
      default -> {}
    }
    return cost;
  }

  /** {@code count/deployments.apps}. */
  public static String countName(String group, String plural) {
    return "count/" + (group.isEmpty() ? plural : plural + "." + group);
  }

  /** An ended pod takes nothing but its place in the store. */
  private static void pod(JsonNode pod, Map<String, Quantity> cost) {
    String phase = pod.path("status").path("phase").asString("");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return;
    }
    cost.put("pods", ONE);
    PodAmounts.requests(pod)
        .forEach((name, amount) -> {
          cost.put("requests." + name, amount);
          if (standard(name)) {
            cost.put(name, amount);
          }
        });
    PodAmounts.limits(pod)
        .forEach((name, amount) -> {
          if (standard(name)) {
            cost.put("limits." + name, amount);
          }
        });
  }

  private static boolean standard(String name) {
    return !name.contains("/");
  }

  private static void service(JsonNode spec, Map<String, Quantity> cost) {
    String type = spec.path("type").asString("ClusterIP");
    long ports = spec.path("ports").size();
    boolean balanced = type.equals("LoadBalancer");
    if (balanced) {
      cost.put("services.loadbalancers", ONE);
    }
    if (type.equals("NodePort")
        || (balanced && spec.path("allocateLoadBalancerNodePorts").asBoolean(true))) {
      cost.put("services.nodeports", new Quantity(Long.toString(ports)));
    }
  }

  private static void claim(JsonNode claim, Map<String, Quantity> cost) {
    Map<String, Quantity> requests =
        new HashMap<>(Amounts.read(claim.path("spec").path("resources").path("requests")));
    Quantity storage = requests.get("storage");
    String name = claim.path("spec").path("storageClassName").asString("");
    String suffix = name + ".storageclass.storage.k8s.io/";
    if (storage != null) {
      cost.put("requests.storage", storage);
    }
    if (!name.isEmpty()) {
      cost.put(suffix + "persistentvolumeclaims", ONE);
      if (storage != null) {
        cost.put(suffix + "requests.storage", storage);
      }
    }
  }
}
