package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Map;
import minik8s.apiserver.kinds.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with label selectors, and whether they match labels. Stateless. */
final class SelectorValidation {
  private SelectorValidation() {}

  /** A {@code metav1.LabelSelector}. */
  static void selector(@Nullable JsonNode selector, Path at, List<FieldError> errors) {
    if (selector == null || selector.isNull()) {
      return;
    }
    MetadataRules.labels(selector.path("matchLabels"), at.child("matchLabels"), errors);
    int index = 0;
    for (ObjectNode expression : objects(selector, "matchExpressions")) {
      expression(expression, at.child("matchExpressions").index(index++), errors);
    }
  }

  private static void expression(ObjectNode expression, Path at, List<FieldError> errors) {
    String operator = text(expression, "operator");
    boolean empty = Docs.isEmptyList(expression, "values");
    switch (operator) {
      case "In", "NotIn" -> {
        if (empty) {
          errors.add(
              FieldError.required(
                  at.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!empty) {
          errors.add(
              FieldError.forbidden(
                  at.child("values"),
                  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      default ->
          errors.add(
              FieldError.invalid(at.child("operator"), operator, "not a valid selector operator"));
    }
    String key = text(expression, "key");
    for (String problem : Names.qualifiedName(key)) {
      errors.add(FieldError.invalid(at.child("key"), key, problem));
    }
    int index = 0;
    for (JsonNode value : expression.path("values")) {
      Check.name(value.asString(""), Names::labelValue, at.child("values").index(index++), errors);
    }
  }

  static boolean isEmpty(JsonNode selector) {
    return selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty();
  }

  /** Whether labels satisfy a selector; malformed expressions match nothing. */
  static boolean matches(JsonNode selector, JsonNode labels) {
    for (Map.Entry<String, JsonNode> wanted : selector.path("matchLabels").properties()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    for (JsonNode expression : selector.path("matchExpressions")) {
      JsonNode value = labels.get(text(expression, "key"));
      boolean listed =
          value != null && expression.path("values").valueStream().anyMatch(value::equals);
      boolean ok =
          switch (text(expression, "operator")) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
          };
      if (!ok) {
        return false;
      }
    }
    return true;
  }

  /** The selector of a workload against the labels of its template. */
  static void workload(ObjectNode spec, String kind, List<FieldError> errors) {
    Path path = Path.SPEC.child("selector");
    JsonNode selector = spec.get("selector");
    boolean absent = selector == null || selector.isNull();
    if (absent) {
      errors.add(FieldError.required(path));
    } else {
      selector(selector, path, errors);
      if (isEmpty(selector)) {
        errors.add(FieldError.invalid(path, selector, "empty selector is invalid for " + kind));
      }
    }
    JsonNode labels = spec.path("template").path("metadata").path("labels");
    if (Docs.object(spec, "template") == null) {
      return;
    }
    if (absent || (!isEmpty(selector) && !matches(selector, labels))) {
      errors.add(
          FieldError.invalid(
              Path.SPEC.child("template").child("metadata").child("labels"),
              labels,
              "`selector` does not match template `labels`"));
    }
  }
}
