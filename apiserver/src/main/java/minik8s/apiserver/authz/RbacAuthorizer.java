package minik8s.apiserver.authz;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.apiserver.authn.User;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;

/**
 * Role-based access control over live roles and bindings. Thread-safe.
 *
 * <p>Rules are compiled once per version of a role.
 *
 * <p>Source: Kubernetes' {@code plugin/pkg/auth/authorizer/rbac}.
 */
public final class RbacAuthorizer implements Authorizer {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private record Compiled(String version, List<PolicyRule> rules) {}

  private final Lookup lookup;
  private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();

  public RbacAuthorizer(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public Decision authorize(Attributes attributes) {
    User user = attributes.user();
    if (user.inGroup(User.MASTERS)) {
      return Decision.allow("");
    }
    for (JsonNode binding : lookup.list(GROUP, "clusterrolebindings", "")) {
      if (grants(binding, "", attributes)) {
        return allowed(binding, "ClusterRoleBinding", "");
      }
    }
    String namespace = attributes.namespace();
    if (!namespace.isEmpty()) {
      for (JsonNode binding : lookup.list(GROUP, "rolebindings", namespace)) {
        if (grants(binding, namespace, attributes)) {
          return allowed(binding, "RoleBinding", namespace);
        }
      }
    }
    return Decision.noOpinion();
  }

  private boolean grants(JsonNode binding, String namespace, Attributes attributes) {
    if (!Subjects.anyIs(binding, attributes.user(), namespace)) {
      return false;
    }
    for (PolicyRule rule : rules(binding.path("roleRef"), namespace)) {
      if (rule.allows(attributes)) {
        return true;
      }
    }
    return false;
  }

  private static Decision allowed(JsonNode binding, String kind, String namespace) {
    String name = binding.path("metadata").path("name").asString("");
    JsonNode role = binding.path("roleRef");
    String place = namespace.isEmpty() ? name : name + "/" + namespace;
    return Decision.allow(
        "RBAC: allowed by %s \"%s\" of %s \"%s\""
            .formatted(
                kind, place, role.path("kind").asString(""), role.path("name").asString("")));
  }

  private List<PolicyRule> rules(JsonNode reference, String namespace) {
    String name = reference.path("name").asString("");
    boolean cluster = reference.path("kind").asString("").equals("ClusterRole");
    String plural = cluster ? "clusterroles" : "roles";
    String place = cluster ? "" : namespace;
    Optional<JsonNode> role = lookup.get(GROUP, plural, place, name);
    if (role.isEmpty()) {
      return List.of();
    }
    String key = plural + "/" + place + "/" + name;
    Compiled known = compiled.get(key);
    String version = role.get().path("metadata").path("resourceVersion").asString("");
    if (known == null || version.isEmpty() || !known.version.equals(version)) {
      known = new Compiled(version, PolicyRule.all(aggregated(role.get())));
      // Aggregated roles depend on other documents as well and are compiled each time.
      if (!role.get().path("aggregationRule").isObject()) {
        compiled.put(key, known);
      }
    }
    return known.rules;
  }

  /** The rules of a role and of the cluster roles that it gathers by label. */
  private List<JsonNode> aggregated(JsonNode role) {
    List<JsonNode> rules = new ArrayList<>();
    gather(role, rules, new HashSet<>());
    return rules;
  }

  /** Gathered roles may gather others: edit gathers view, admin gathers edit. */
  private void gather(JsonNode role, List<JsonNode> rules, Set<String> visited) {
    if (!visited.add(role.path("metadata").path("name").asString(""))) {
      return;
    }
    role.path("rules").forEach(rules::add);
    for (JsonNode selector : role.path("aggregationRule").path("clusterRoleSelectors")) {
      JsonNode wanted = selector.path("matchLabels");
      for (JsonNode other : lookup.list(GROUP, "clusterroles", "")) {
        JsonNode labels = other.path("metadata").path("labels");
        boolean chosen =
            !wanted.isEmpty()
                && wanted.properties().stream()
                    .allMatch(e -> e.getValue().equals(labels.get(e.getKey())));
        if (chosen) {
          gather(other, rules, visited);
        }
      }
    }
  }

  /** Every rule that holds for a user in a namespace, for reviews. */
  List<PolicyRule> rulesOf(User user, String namespace) {
    List<PolicyRule> rules = new ArrayList<>();
    if (user.inGroup(User.MASTERS)) {
      rules.add(PolicyRule.EVERY_RESOURCE);
      rules.add(PolicyRule.EVERY_PATH);
    }
    for (JsonNode binding : lookup.list(GROUP, "clusterrolebindings", "")) {
      if (Subjects.anyIs(binding, user, "")) {
        rules.addAll(rules(binding.path("roleRef"), ""));
      }
    }
    if (!namespace.isEmpty()) {
      for (JsonNode binding : lookup.list(GROUP, "rolebindings", namespace)) {
        if (Subjects.anyIs(binding, user, namespace)) {
          rules.addAll(rules(binding.path("roleRef"), namespace));
        }
      }
    }
    return rules;
  }
}
