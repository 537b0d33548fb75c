package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with affinity, tolerations and spread constraints. Stateless. */
final class AffinityValidation {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  private AffinityValidation() {}

  static void affinity(ObjectNode spec, Path specPath, List<FieldError> errors) {
    ObjectNode affinity = object(spec, "affinity");
    if (affinity != null) {
      Path at = specPath.child("affinity");
      ObjectNode node = object(affinity, "nodeAffinity");
      if (node != null) {
        nodeAffinity(node, at.child("nodeAffinity"), errors);
      }
      for (String kind : List.of("podAffinity", "podAntiAffinity")) {
        ObjectNode pod = object(affinity, kind);
        if (pod != null) {
          podAffinity(pod, at.child(kind), errors);
        }
      }
    }
    int index = 0;
    for (ObjectNode constraint : objects(spec, "topologySpreadConstraints")) {
      spread(constraint, specPath.child("topologySpreadConstraints").index(index++), errors);
    }
  }

  private static void nodeAffinity(ObjectNode node, Path at, List<FieldError> errors) {
    ObjectNode required = object(node, REQUIRED);
    if (required != null) {
      nodeSelector(required, at.child(REQUIRED), errors);
    }
    int index = 0;
    for (ObjectNode term : objects(node, PREFERRED)) {
      Path each = at.child(PREFERRED).index(index++);
      weight(term, each, errors);
      nodeTerm(term.path("preference"), each.child("preference"), errors);
    }
  }

  /** A node selector, also that of a persistent volume. */
  static void nodeSelector(ObjectNode selector, Path at, List<FieldError> errors) {
    Path terms = at.child("nodeSelectorTerms");
    if (Docs.isEmptyList(selector, "nodeSelectorTerms")) {
      errors.add(FieldError.required(terms, "must have at least one node selector term"));
    }
    int index = 0;
    for (ObjectNode term : objects(selector, "nodeSelectorTerms")) {
      nodeTerm(term, terms.index(index++), errors);
    }
  }

  private static void nodeTerm(JsonNode term, Path at, List<FieldError> errors) {
    for (String list : List.of("matchExpressions", "matchFields")) {
      int index = 0;
      for (ObjectNode expression : objects(term, list)) {
        nodeExpression(expression, at.child(list).index(index++), errors);
      }
    }
  }

  private static void nodeExpression(ObjectNode expression, Path at, List<FieldError> errors) {
    int values = expression.path("values").size();
    String operator = text(expression, "operator");
    switch (operator) {
      case "In", "NotIn" -> {
        if (values == 0) {
          errors.add(
              FieldError.required(
                  at.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (values > 0) {
          errors.add(
              FieldError.forbidden(
                  at.child("values"),
                  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      case "Gt", "Lt" -> {
        if (values != 1) {
          errors.add(
              FieldError.required(
                  at.child("values"),
                  "must be specified single value when `operator` is 'Lt' or 'Gt'"));
        }
      }
      default ->
          errors.add(
              FieldError.invalid(at.child("operator"), operator, "not a valid selector operator"));
    }
    String key = text(expression, "key");
    if (!key.equals("metadata.name")) {
      Check.name(key, Names::qualifiedName, at.child("key"), errors);
    }
  }

  private static void weight(ObjectNode term, Path at, List<FieldError> errors) {
    int weight = term.path("weight").asInt(0);
    if (weight < 1 || weight > 100) {
      errors.add(FieldError.invalid(at.child("weight"), weight, "must be in the range 1-100"));
    }
  }

  private static void podAffinity(ObjectNode affinity, Path at, List<FieldError> errors) {
    int index = 0;
    for (ObjectNode term : objects(affinity, REQUIRED)) {
      podTerm(term, at.child(REQUIRED).index(index++), errors);
    }
    index = 0;
    for (ObjectNode weighted : objects(affinity, PREFERRED)) {
      Path each = at.child(PREFERRED).index(index++);
      weight(weighted, each, errors);
      podTerm(weighted.path("podAffinityTerm"), each.child("podAffinityTerm"), errors);
    }
  }

  private static void podTerm(JsonNode term, Path at, List<FieldError> errors) {
    SelectorValidation.selector(term.get("labelSelector"), at.child("labelSelector"), errors);
    if (text(term, "topologyKey").isEmpty()) {
      errors.add(FieldError.required(at.child("topologyKey"), "can not be empty"));
    } else {
      Check.name(text(term, "topologyKey"), Names::qualifiedName, at.child("topologyKey"), errors);
    }
  }

  private static void spread(ObjectNode constraint, Path at, List<FieldError> errors) {
    int skew = constraint.path("maxSkew").asInt(0);
    if (skew <= 0) {
      errors.add(FieldError.invalid(at.child("maxSkew"), skew, "must be greater than zero"));
    }
    if (text(constraint, "topologyKey").isEmpty()) {
      errors.add(FieldError.required(at.child("topologyKey"), "can not be empty"));
    }
    Set<String> actions = Set.of("DoNotSchedule", "ScheduleAnyway");
    if (!actions.contains(text(constraint, "whenUnsatisfiable"))) {
      errors.add(
          FieldError.notSupported(
              at.child("whenUnsatisfiable"), text(constraint, "whenUnsatisfiable"), actions));
    }
    SelectorValidation.selector(constraint.get("labelSelector"), at.child("labelSelector"), errors);
  }

  static void tolerations(ObjectNode spec, Path specPath, List<FieldError> errors) {
    int index = 0;
    for (ObjectNode toleration : objects(spec, "tolerations")) {
      Path at = specPath.child("tolerations").index(index++);
      String key = text(toleration, "key");
      String operator = text(toleration, "operator");
      if (!key.isEmpty()) {
        Check.name(key, Names::qualifiedName, at.child("key"), errors);
      } else if (!operator.equals("Exists")) {
        errors.add(
            FieldError.invalid(
                at.child("operator"),
                operator,
                "operator must be Exists when `key` is empty, which means \"match all values and"
                    + " all keys\""));
      }
      if (Docs.present(toleration, "tolerationSeconds")
          && !text(toleration, "effect").equals("NoExecute")) {
        errors.add(
            FieldError.invalid(
                at.child("effect"),
                text(toleration, "effect"),
                "effect must be 'NoExecute' when `tolerationSeconds` is set"));
      }
      if (operator.equals("Exists") && !text(toleration, "value").isEmpty()) {
        errors.add(
            FieldError.invalid(
                at.child("operator"),
                toleration,
                "value must be empty when `operator` is 'Exists'"));
      }
      if (!operator.isEmpty() && !operator.equals("Exists") && !operator.equals("Equal")) {
        errors.add(
            FieldError.notSupported(at.child("operator"), operator, List.of("Equal", "Exists")));
      }
      Check.oneOf(toleration, "effect", at, EFFECTS, errors);
    }
  }
}
