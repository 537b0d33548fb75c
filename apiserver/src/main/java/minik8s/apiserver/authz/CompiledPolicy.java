package minik8s.apiserver.authz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import minik8s.apiserver.authn.User;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;

/**
 * Roles and bindings at one moment, indexed by whom they concern, so that a decision costs a few
 * look-ups. Immutable.
 */
final class CompiledPolicy {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final List<String> RESOURCES =
      List.of("clusterroles", "clusterrolebindings", "roles", "rolebindings");

  /** What one binding gives, and the sentence that says so. */
  private record Grant(Decision decision, List<PolicyRule> rules) {}

  /** Namespace (empty for the whole cluster) to subject to grants. */
  private final Map<String, Map<String, List<Grant>>> grants = new HashMap<>();

  private final Map<String, List<PolicyRule>> compiled = new HashMap<>();
  private final List<JsonNode> clusterRoles;
  private final Lookup lookup;

  private CompiledPolicy(Lookup lookup) {
    this.lookup = lookup;
    this.clusterRoles = lookup.list(GROUP, "clusterroles", "");
    for (JsonNode binding : lookup.list(GROUP, "clusterrolebindings", "")) {
      add(binding, "");
    }
    for (JsonNode binding : lookup.list(GROUP, "rolebindings", "")) {
      add(binding, text(binding.path("metadata"), "namespace"));
    }
  }

  static CompiledPolicy of(Lookup lookup) {
    return new CompiledPolicy(lookup);
  }

  /** Versions of the documents that a policy is made of; null when nothing may be kept. */
  static @org.jspecify.annotations.Nullable List<Long> versions(Lookup lookup) {
    List<Long> versions = new ArrayList<>();
    for (String resource : RESOURCES) {
      long version = lookup.version(GROUP, resource);
      if (version < 0) {
        return null;
      }
      versions.add(version);
    }
    return versions;
  }

  Decision decide(Attributes wanted) {
    Decision decision = decide("", wanted);
    return decision.allowed() || wanted.namespace().isEmpty()
        ? decision
        : decide(wanted.namespace(), wanted);
  }

  private Decision decide(String namespace, Attributes wanted) {
    Map<String, List<Grant>> bySubject = grants.getOrDefault(namespace, Map.of());
    if (!bySubject.isEmpty()) {
      for (String subject : subjects(wanted.user())) {
        for (Grant grant : bySubject.getOrDefault(subject, List.of())) {
          if (grant.rules.stream().anyMatch(rule -> rule.allows(wanted))) {
            return grant.decision;
          }
        }
      }
    }
    return Decision.noOpinion();
  }

  /** Every rule that holds for a user in a namespace, the cluster's included. */
  List<PolicyRule> rulesOf(User user, String namespace) {
    List<PolicyRule> rules = new ArrayList<>();
    for (String place : namespace.isEmpty() ? List.of("") : List.of("", namespace)) {
      Map<String, List<Grant>> bySubject = grants.getOrDefault(place, Map.of());
      for (String subject : subjects(user)) {
        bySubject.getOrDefault(subject, List.of()).forEach(grant -> rules.addAll(grant.rules));
      }
    }
    return rules;
  }

  private static List<String> subjects(User user) {
    List<String> subjects = new ArrayList<>(user.groups().size() + 1);
    subjects.add("User:" + user.name());
    user.groups().forEach(group -> subjects.add("Group:" + group));
    return subjects;
  }

  private void add(JsonNode binding, String namespace) {
    JsonNode role = binding.path("roleRef");
    String name = text(binding.path("metadata"), "name");
    String sentence =
        "RBAC: allowed by %s \"%s\" of %s \"%s\""
            .formatted(
                namespace.isEmpty() ? "ClusterRoleBinding" : "RoleBinding",
                namespace.isEmpty() ? name : name + "/" + namespace,
                text(role, "kind"),
                text(role, "name"));
    Grant grant = new Grant(Decision.allow(sentence), rules(role, namespace));
    Map<String, List<Grant>> bySubject = grants.computeIfAbsent(namespace, n -> new HashMap<>());
    for (JsonNode subject : binding.path("subjects")) {
      subject(subject, namespace)
          .ifPresent(key -> bySubject.computeIfAbsent(key, k -> new ArrayList<>()).add(grant));
    }
  }

  private static Optional<String> subject(JsonNode subject, String namespace) {
    String name = text(subject, "name");
    return switch (text(subject, "kind")) {
      case "User" -> Optional.of("User:" + name);
      case "Group" -> Optional.of("Group:" + name);
      case "ServiceAccount" -> {
        String own = text(subject, "namespace");
        String place = own.isEmpty() ? namespace : own;
        yield place.isEmpty()
            ? Optional.empty()
            : Optional.of("User:system:serviceaccount:" + place + ":" + name);
      }
      default -> Optional.empty();
    };
  }

  private List<PolicyRule> rules(JsonNode reference, String namespace) {
    String name = text(reference, "name");
    boolean cluster = text(reference, "kind").equals("ClusterRole");
    String key = cluster ? name : namespace + "/" + name;
    List<PolicyRule> known = compiled.get(key);
    if (known == null) {
      Optional<JsonNode> role =
          cluster ? clusterRole(name) : lookup.get(GROUP, "roles", namespace, name);
      List<JsonNode> rules = new ArrayList<>();
      role.ifPresent(r -> gather(r, rules, new HashSet<>()));
      known = PolicyRule.all(rules);
      compiled.put(key, known);
    }
    return known;
  }

  private Optional<JsonNode> clusterRole(String name) {
    return clusterRoles.stream()
        .filter(role -> text(role.path("metadata"), "name").equals(name))
        .findFirst();
  }

  /**
   * The rules of a role and of the cluster roles that it gathers by label; those may gather others:
   * edit gathers view, admin gathers edit.
   */
  private void gather(JsonNode role, List<JsonNode> rules, Set<String> visited) {
    if (!visited.add(text(role.path("metadata"), "name"))) {
      return;
    }
    role.path("rules").forEach(rules::add);
    for (JsonNode selector : role.path("aggregationRule").path("clusterRoleSelectors")) {
      JsonNode wanted = selector.path("matchLabels");
      for (JsonNode other : clusterRoles) {
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

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }
}
