package minik8s.api.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.api.LabelSelector;
import tools.jackson.databind.JsonNode;

/**
 * Which objects a quota is about. Pure. Only pods have anything that scopes look at; a quota with
 * scopes counts no other kind.
 *
 * <p>Source: {@code podMatchesScopeFunc}.
 */
public final class QuotaScope {
  private QuotaScope() {}

  /** Whether the quota with this spec counts the object. */
  public static boolean covers(JsonNode quotaSpec, String group, String plural, JsonNode object) {
    List<LabelSelector.Requirement> scopes = scopes(quotaSpec);
    if (scopes.isEmpty()) {
      return true;
    }
    boolean pod = group.isEmpty() && plural.equals("pods");
    return pod && scopes.stream().allMatch(scope -> matches(scope, object));
  }

  private static List<LabelSelector.Requirement> scopes(JsonNode spec) {
    List<LabelSelector.Requirement> scopes = new ArrayList<>();
    for (JsonNode name : spec.path("scopes")) {
      scopes.add(new LabelSelector.Requirement(name.asString(""), "Exists", List.of()));
    }
    for (JsonNode each : spec.path("scopeSelector").path("matchExpressions")) {
      List<String> values = each.path("values").valueStream().map(v -> v.asString("")).toList();
      scopes.add(
          new LabelSelector.Requirement(
              each.path("scopeName").asString(""), each.path("operator").asString(""), values));
    }
    return scopes;
  }

  private static boolean matches(LabelSelector.Requirement scope, JsonNode pod) {
    JsonNode spec = pod.path("spec");
    return switch (scope.key()) {
      case "Terminating" -> spec.path("activeDeadlineSeconds").isNumber();
      case "NotTerminating" -> !spec.path("activeDeadlineSeconds").isNumber();
      case "BestEffort" -> bestEffort(pod);
      case "NotBestEffort" -> !bestEffort(pod);
      case "PriorityClass" -> priority(scope, spec.path("priorityClassName").asString(""));
      case "CrossNamespacePodAffinity" -> crossesNamespaces(spec.path("affinity"));
      default -> false;
    };
  }

  private static boolean priority(LabelSelector.Requirement scope, String name) {
    return scope.matches(name.isEmpty() ? Map.of() : Map.of(scope.key(), name));
  }

  /** A pod that asks for neither processor nor memory. */
  private static boolean bestEffort(JsonNode pod) {
    for (Map<String, ?> amounts : List.of(PodAmounts.requests(pod), PodAmounts.limits(pod))) {
      if (amounts.containsKey("cpu") || amounts.containsKey("memory")) {
        return false;
      }
    }
    return true;
  }

  private static boolean crossesNamespaces(JsonNode affinity) {
    for (String side : List.of("podAffinity", "podAntiAffinity")) {
      for (JsonNode term :
          affinity.path(side).path("requiredDuringSchedulingIgnoredDuringExecution")) {
        if (crosses(term)) {
          return true;
        }
      }
      for (JsonNode term :
          affinity.path(side).path("preferredDuringSchedulingIgnoredDuringExecution")) {
        if (crosses(term.path("podAffinityTerm"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean crosses(JsonNode term) {
    return !term.path("namespaces").isEmpty() || term.path("namespaceSelector").isObject();
  }
}
