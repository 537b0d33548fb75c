package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.object;

import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Quantity;
import minik8s.apiserver.kinds.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with requests and limits. Stateless. */
final class ResourceValidation {
  private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage");

  private ResourceValidation() {}

  static void requirements(@Nullable ObjectNode resources, Path at, List<FieldError> errors) {
    if (resources == null) {
      return;
    }
    ObjectNode limits = object(resources, "limits");
    ObjectNode requests = object(resources, "requests");
    if (limits != null) {
      amounts(limits, at.child("limits"), errors);
    }
    if (requests != null) {
      amounts(requests, at.child("requests"), errors);
      notAbove(requests, limits, at.child("requests"), errors);
    }
    if (limits != null) {
      for (String name : limits.propertyNames()) {
        if (isExtended(name) && (requests == null || !requests.has(name))) {
          errors.add(
              FieldError.invalid(
                  at.child("limits"),
                  limits.path(name).asString(""),
                  "must be equal to " + name + " request"));
        }
      }
    }
  }

  private static void amounts(ObjectNode amounts, Path at, List<FieldError> errors) {
    for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
      String name = amount.getKey();
      Path path = at.key(name);
      for (String problem : Names.qualifiedName(name)) {
        errors.add(FieldError.invalid(at, name, problem));
      }
      if (name.indexOf('/') < 0 && !STANDARD.contains(name) && !name.startsWith("hugepages-")) {
        errors.add(
            FieldError.invalid(path, name, "must be a standard resource type or fully qualified"));
        errors.add(FieldError.invalid(path, name, "must be a standard resource for containers"));
      }
      Quantity quantity = Check.quantity(amount.getValue(), path, errors);
      if (quantity != null
          && isExtended(name)
          && quantity.amount().stripTrailingZeros().scale() > 0) {
        errors.add(FieldError.invalid(path, amount.getValue().asString(""), "must be an integer"));
      }
    }
  }

  private static void notAbove(
      ObjectNode requests, @Nullable ObjectNode limits, Path at, List<FieldError> errors) {
    for (Map.Entry<String, JsonNode> request : requests.properties()) {
      String name = request.getKey();
      JsonNode limit = limits == null ? null : limits.get(name);
      if (limit == null) {
        if (isExtended(name)) {
          errors.add(
              FieldError.required(
                  at.key(name), "Limit must be set for non overcommitable resources"));
        }
        continue;
      }
      int order = compare(request.getValue(), limit);
      if (order > 0) {
        errors.add(
            FieldError.invalid(
                at,
                request.getValue().asString(""),
                "must be less than or equal to " + name + " limit of " + limit.asString("")));
      } else if (order < 0 && isExtended(name)) {
        errors.add(
            FieldError.invalid(
                at,
                request.getValue().asString(""),
                "must be equal to " + name + " limit of " + limit.asString("")));
      }
    }
  }

  private static int compare(JsonNode request, JsonNode limit) {
    try {
      return Quantity.of(request.asString("")).compareAmount(Quantity.of(limit.asString("")));
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  /** Device-like resources, which are not shared and therefore not overcommitted. */
  private static boolean isExtended(String name) {
    int slash = name.indexOf('/');
    return slash >= 0 && !name.substring(0, slash).endsWith("kubernetes.io");
  }
}
