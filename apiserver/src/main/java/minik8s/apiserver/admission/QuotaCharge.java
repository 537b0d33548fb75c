package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import minik8s.api.Quantity;
import minik8s.api.quota.Amounts;
import minik8s.api.quota.ObjectCost;
import minik8s.api.quota.QuotaScope;
import minik8s.apiserver.kinds.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one write takes from, or gives back to, one quota. Pure; quota documents are changed in
 * place where a method says so.
 *
 * <p>Source: Kubernetes' admission plug-in ResourceQuota. The limits are those of {@code
 * status.hard}: a quota counts from the moment on at which the controller has counted what there
 * is.
 */
public final class QuotaCharge {
  /** Amounts that each container must name when a quota limits them. */
  private static final Set<String> MUST_BE_NAMED =
      Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

  private QuotaCharge() {}

  /**
   * By how much a write raises what the quota counts; only resources that the quota limits.
   *
   * @param more the document that costs more; null when it is gone
   * @param less the document that it replaces; null when there is none
   */
  public static Map<String, Quantity> difference(
      Kind kind, JsonNode quota, @Nullable JsonNode more, @Nullable JsonNode less) {
    Map<String, Quantity> excess = Amounts.excess(cost(kind, quota, more), cost(kind, quota, less));
    excess.keySet().retainAll(quota.path("status").path("hard").propertyNames());
    return excess;
  }

  private static Map<String, Quantity> cost(
      Kind kind, JsonNode quota, @Nullable JsonNode document) {
    return document == null
            || !QuotaScope.covers(quota.path("spec"), kind.group(), kind.plural(), document)
        ? Map.of()
        : ObjectCost.of(kind.group(), kind.plural(), document);
  }

  /**
   * Adds to what is used.
   *
   * @return the sentence of the refusal, and then the quota is as it was; empty when it fits
   */
  public static String add(ObjectNode quota, Map<String, Quantity> amounts) {
    String name = text(quota.path("metadata"), "name");
    Map<String, Quantity> hard = Amounts.read(quota.path("status").path("hard"));
    Map<String, Quantity> used = Amounts.read(quota.path("status").path("used"));
    TreeSet<String> unknown = new TreeSet<>(amounts.keySet());
    unknown.removeAll(used.keySet());
    if (!unknown.isEmpty()) {
      return "status unknown for quota: %s, resources: %s"
          .formatted(name, String.join(",", unknown));
    }
    Map<String, Quantity> sum = new TreeMap<>(used);
    Set<String> exceeded = new TreeSet<>();
    amounts.forEach((resource, amount) -> {
      Quantity now = Amounts.plus(used.getOrDefault(resource, Quantity.ZERO), amount);
      sum.put(resource, now);
      if (now.compareAmount(hard.getOrDefault(resource, Quantity.ZERO)) > 0) {
        exceeded.add(resource);
      }
    });
    if (!exceeded.isEmpty()) {
      return "exceeded quota: %s, requested: %s, used: %s, limited: %s"
          .formatted(
              name,
              Amounts.text(only(amounts, exceeded)),
              Amounts.text(only(used, exceeded)),
              Amounts.text(only(hard, exceeded)));
    }
    Amounts.write(sum, ensure(ensure(quota, "status"), "used"));
    return "";
  }

  /** Takes off what is used, never below zero. */
  public static void subtract(ObjectNode quota, Map<String, Quantity> amounts) {
    ObjectNode used = ensure(ensure(quota, "status"), "used");
    Map<String, Quantity> known = Amounts.read(used);
    amounts.forEach((resource, amount) -> {
      Quantity before = known.get(resource);
      if (before != null) {
        used.put(resource, Amounts.minus(before, amount).text());
      }
    });
  }

  /**
   * What a new pod fails to say although the quota limits it, as a sentence; empty when nothing is
   * missing.
   */
  public static String missing(Kind kind, JsonNode quota, JsonNode document) {
    boolean pod = kind.group().isEmpty() && kind.plural().equals("pods");
    if (!pod || !QuotaScope.covers(quota.path("spec"), "", "pods", document)) {
      return "";
    }
    List<String> missing = new ArrayList<>();
    for (String resource : new TreeSet<>(quota.path("status").path("hard").propertyNames())) {
      List<String> containers =
          MUST_BE_NAMED.contains(resource) ? without(document.path("spec"), resource) : List.of();
      if (!containers.isEmpty()) {
        missing.add(resource + " for: " + String.join(",", containers));
      }
    }
    return missing.isEmpty()
        ? ""
        : "failed quota: %s: must specify %s"
            .formatted(text(quota.path("metadata"), "name"), String.join("; ", missing));
  }

  private static List<String> without(JsonNode spec, String resource) {
    String where = resource.startsWith("limits.") ? "limits" : "requests";
    String name = resource.substring(resource.indexOf('.') + 1);
    if (Docs.present(spec.path("resources").path(where), name)) {
      return List.of();
    }
    TreeSet<String> names = new TreeSet<>();
    for (String list : List.of("containers", "initContainers")) {
      for (ObjectNode container : objects(spec, list)) {
        if (Docs.absent(container.path("resources").path(where), name)) {
          names.add(text(container, "name"));
        }
      }
    }
    return List.copyOf(names);
  }

  private static Map<String, Quantity> only(Map<String, Quantity> amounts, Set<String> names) {
    Map<String, Quantity> some = new TreeMap<>(amounts);
    some.keySet().retainAll(names);
    return some;
  }
}
