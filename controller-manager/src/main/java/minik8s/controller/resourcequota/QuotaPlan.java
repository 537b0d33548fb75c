package minik8s.controller.resourcequota;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import minik8s.api.Quantity;
import minik8s.api.ResourceQuota;
import minik8s.api.quota.Amounts;
import minik8s.api.quota.ObjectCost;
import minik8s.api.quota.QuotaScope;
import tools.jackson.databind.JsonNode;

/** Decides what a quota shall say is used. Pure. */
final class QuotaPlan {
  private static final Set<String> POD_AMOUNTS =
      Set.of("pods", "cpu", "memory", "ephemeral-storage");

  private QuotaPlan() {}

  /** The limits that a quota asks for. */
  static Map<String, Quantity> hard(ResourceQuota quota) {
    return Amounts.read(quota.spec().node().path("hard"));
  }

  /**
   * The kinds that must be counted for some limits, as {@code pods} or {@code deployments.apps}.
   */
  static Set<String> kinds(Set<String> limits) {
    Set<String> kinds = new TreeSet<>();
    for (String limit : limits) {
      if (limit.startsWith("count/")) {
        kinds.add(limit.substring("count/".length()));
      } else if (limit.equals("requests.storage")
          || limit.contains(".storageclass.storage.k8s.io/")) {
        kinds.add("persistentvolumeclaims");
      } else if (limit.startsWith("services.")) {
        kinds.add("services");
      } else if (POD_AMOUNTS.contains(limit)
          || limit.startsWith("requests.")
          || limit.startsWith("limits.")
          || limit.startsWith("hugepages-")) {
        kinds.add("pods");
      } else {
        kinds.add(limit);
      }
    }
    return kinds;
  }

  /** What objects of one kind take from a quota. */
  static Map<String, Quantity> cost(
      ResourceQuota quota, String group, String plural, Collection<? extends JsonNode> objects) {
    Map<String, Quantity> sum = new TreeMap<>();
    JsonNode spec = quota.spec().node();
    for (JsonNode object : objects) {
      if (QuotaScope.covers(spec, group, plural, object)) {
        sum = Amounts.plus(sum, ObjectCost.of(group, plural, object));
      }
    }
    return sum;
  }

  /**
   * What to write, given what is there.
   *
   * @param settled whether nobody has charged the quota for a while. Only then may less be said to
   *     be used than before: a charge comes before its object, which a count may have missed
   */
  static Map<String, Quantity> used(
      Map<String, Quantity> hard,
      Map<String, Quantity> before,
      Map<String, Quantity> counted,
      boolean settled) {
    Map<String, Quantity> used = new TreeMap<>();
    for (String limit : hard.keySet()) {
      Quantity count = counted.getOrDefault(limit, Quantity.ZERO);
      Quantity known = before.get(limit);
      boolean keep = known != null && (same(known, count) || (!settled && more(known, count)));
      used.put(limit, keep && known != null ? known : count);
    }
    return used;
  }

  private static boolean same(Quantity a, Quantity b) {
    return a.compareAmount(b) == 0;
  }

  private static boolean more(Quantity a, Quantity b) {
    return a.compareAmount(b) > 0;
  }

  /** Whether less was counted than is said to be used. */
  static boolean overstated(Map<String, Quantity> said, Map<String, Quantity> counted) {
    return said.entrySet().stream()
        .anyMatch(
            each -> more(each.getValue(), counted.getOrDefault(each.getKey(), Quantity.ZERO)));
  }
}
