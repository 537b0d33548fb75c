package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of roles and bindings. Stateless. */
final class AccessRules {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private AccessRules() {}

  static void addTo(Map<String, Rules> rules) {
    String prefix = GROUP + "/v1/";
    rules.put(prefix + "roles", new RoleRules(false));
    rules.put(prefix + "clusterroles", new RoleRules(true));
    rules.put(prefix + "rolebindings", new BindingRules(false));
    rules.put(prefix + "clusterrolebindings", new BindingRules(true));
  }

  /** Names of roles may hold colons; only what breaks paths is refused. */
  static List<String> pathSegment(String name) {
    if (name.equals(".") || name.equals("..")) {
      return List.of("may not be '" + name + "'");
    }
    for (String bad : List.of("/", "%")) {
      if (name.contains(bad)) {
        return List.of("may not contain '" + bad + "'");
      }
    }
    return List.of();
  }

  private record RoleRules(boolean cluster) implements Rules {
    @Override
    public NameRule names() {
      return AccessRules::pathSegment;
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      int index = 0;
      for (ObjectNode rule : objects(doc, "rules")) {
        Path at = Path.ROOT.child("rules").index(index++);
        if (Docs.isEmptyList(rule, "verbs")) {
          errors.add(
              FieldError.required(at.child("verbs"), "verbs must contain at least one value"));
        }
        boolean paths = !Docs.isEmptyList(rule, "nonResourceURLs");
        if (paths) {
          paths(rule, at, errors);
          continue;
        }
        if (Docs.isEmptyList(rule, "apiGroups")) {
          errors.add(
              FieldError.required(
                  at.child("apiGroups"), "resource rules must supply at least one api group"));
        }
        if (Docs.isEmptyList(rule, "resources")) {
          errors.add(
              FieldError.required(
                  at.child("resources"), "resource rules must supply at least one resource"));
        }
      }
    }

    private void paths(ObjectNode rule, Path at, List<FieldError> errors) {
      if (!cluster) {
        errors.add(
            FieldError.invalid(
                at.child("nonResourceURLs"),
                rule.path("nonResourceURLs"),
                "namespaced rules cannot apply to non-resource URLs"));
      }
      if (!Docs.isEmptyList(rule, "apiGroups") || !Docs.isEmptyList(rule, "resources")) {
        errors.add(
            FieldError.invalid(
                at.child("nonResourceURLs"),
                rule.path("nonResourceURLs"),
                "rules cannot apply to both regular resources and non-resource URLs"));
      }
    }
  }

  private record BindingRules(boolean cluster) implements Rules {
    @Override
    public NameRule names() {
      return AccessRules::pathSegment;
    }

    @Override
    public void defaults(ObjectNode doc) {
      ObjectNode role = object(doc, "roleRef");
      if (role != null) {
        fill(role, "apiGroup", GROUP);
      }
      for (ObjectNode subject : objects(doc, "subjects")) {
        if (!text(subject, "kind").equals("ServiceAccount")) {
          fill(subject, "apiGroup", GROUP);
        }
      }
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      JsonNode role = doc.path("roleRef");
      Path at = Path.ROOT.child("roleRef");
      if (!text(role, "apiGroup").equals(GROUP)) {
        errors.add(
            FieldError.notSupported(at.child("apiGroup"), text(role, "apiGroup"), List.of(GROUP)));
      }
      Set<String> kinds = cluster ? Set.of("ClusterRole") : Set.of("ClusterRole", "Role");
      if (!kinds.contains(text(role, "kind"))) {
        errors.add(FieldError.notSupported(at.child("kind"), text(role, "kind"), kinds));
      }
      Check.requiredName(role, "name", AccessRules::pathSegment, at, errors);
      int index = 0;
      for (ObjectNode subject : objects(doc, "subjects")) {
        subject(subject, Path.ROOT.child("subjects").index(index++), errors);
      }
    }

    private void subject(ObjectNode subject, Path at, List<FieldError> errors) {
      Check.required(subject, "name", at, errors);
      Set<String> kinds = Set.of("Group", "ServiceAccount", "User");
      String kind = text(subject, "kind");
      if (!kinds.contains(kind)) {
        errors.add(FieldError.notSupported(at.child("kind"), kind, kinds));
        return;
      }
      if (kind.equals("ServiceAccount")) {
        if (!text(subject, "name").isEmpty()) {
          Check.name(text(subject, "name"), Names::subdomain, at.child("name"), errors);
        }
        if (!text(subject, "apiGroup").isEmpty()) {
          errors.add(
              FieldError.notSupported(
                  at.child("apiGroup"), text(subject, "apiGroup"), List.of("")));
        }
        if (cluster && text(subject, "namespace").isEmpty()) {
          errors.add(FieldError.required(at.child("namespace")));
        }
      } else if (!text(subject, "apiGroup").equals(GROUP)) {
        errors.add(
            FieldError.notSupported(
                at.child("apiGroup"), text(subject, "apiGroup"), List.of(GROUP)));
      }
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      if (!Docs.same(doc, old, "roleRef")) {
        errors.add(
            FieldError.invalid(
                Path.ROOT.child("roleRef"), doc.path("roleRef"), "cannot change roleRef"));
      }
    }
  }
}
