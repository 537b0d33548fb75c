package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is wrong with the spec of a job, also inside a cron job. Stateless. Source: Kubernetes'
 * {@code pkg/apis/batch/validation}.
 */
final class JobSpecValidation {
  private static final Set<String> RESTART = Set.of("OnFailure", "Never");
  private static final String HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
  private static final int MANAGER_LENGTH = 63;

  /** Caps the length of the lists of indexes in the status. */
  private static final int MOST_INDEXES = 100_000;

  /** The cap of pods and failed indexes where there are more completions than that. */
  private static final int MOST_OF_MANY = 10_000;

  private JobSpecValidation() {}

  static void spec(ObjectNode spec, Path at, List<FieldError> errors) {
    for (String count :
        List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished",
            "backoffLimitPerIndex",
            "maxFailedIndexes")) {
      Check.notNegative(spec, count, at, errors);
    }
    if (Docs.present(spec, "maxFailedIndexes") && Docs.absent(spec, "backoffLimitPerIndex")) {
      errors.add(
          FieldError.required(
              at.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified"));
    }
    manager(spec, at.child("managedBy"), errors);
    Check.oneOf(spec, "completionMode", at, Set.of("Indexed", "NonIndexed"), errors);
    switch (text(spec, "completionMode")) {
      case "Indexed" -> indexed(spec, at, errors);
      case "", "NonIndexed" -> notIndexed(spec, at, errors);
      default -> {}
    }
    JobPolicies.validate(spec, at, errors);
    ObjectNode template = PodSpecValidation.template(spec, at.child("template"), errors);
    if (template != null) {
      restarts(spec, text(template.path("spec"), "restartPolicy"), at, errors);
    }
  }

  private static void manager(ObjectNode spec, Path at, List<FieldError> errors) {
    if (Docs.absent(spec, "managedBy")) {
      return;
    }
    String manager = text(spec, "managedBy");
    int slash = manager.indexOf('/');
    if (manager.isEmpty()) {
      errors.add(FieldError.required(at));
    } else if (slash <= 0 || slash == manager.length() - 1) {
      errors.add(
          FieldError.invalid(
              at, manager, "must be a domain-prefixed path (such as \"acme.io/foo\")"));
    } else {
      Check.name(manager.substring(0, slash), Names::subdomain, at, errors);
      String path = manager.substring(slash + 1);
      if (!path.matches(HTTP_PATH)) {
        errors.add(
            FieldError.invalid(
                at, path, "Invalid path (regex used for validation is '" + HTTP_PATH + "')"));
      }
    }
    if (manager.length() > MANAGER_LENGTH) {
      errors.add(FieldError.tooLong(at, MANAGER_LENGTH));
    }
  }

  private static void indexed(ObjectNode spec, Path at, List<FieldError> errors) {
    Long completions = number(spec, "completions");
    if (completions == null) {
      errors.add(FieldError.required(at.child("completions"), "when completion mode is Indexed"));
    }
    atMost(spec, "parallelism", MOST_INDEXES, " when completion mode is Indexed", at, errors);
    Long failed = number(spec, "maxFailedIndexes");
    if (completions != null && failed != null && failed > completions) {
      errors.add(
          FieldError.invalid(
              at.child("maxFailedIndexes"), failed, "must be less than or equal to completions"));
    }
    atMost(spec, "maxFailedIndexes", MOST_INDEXES, "", at, errors);
    if (completions != null
        && completions > MOST_INDEXES
        && Docs.present(spec, "backoffLimitPerIndex")) {
      many(spec, at, errors);
    }
  }

  private static void many(ObjectNode spec, Path at, List<FieldError> errors) {
    if (Docs.absent(spec, "maxFailedIndexes")) {
      errors.add(
          FieldError.required(
              at.child("maxFailedIndexes"),
              "must be specified when completions is above " + MOST_INDEXES));
    }
    String when =
        " when completions are above " + MOST_INDEXES + " and used with backoff limit per index";
    atMost(spec, "parallelism", MOST_OF_MANY, when, at, errors);
    atMost(spec, "maxFailedIndexes", MOST_OF_MANY, when, at, errors);
  }

  private static void atMost(
      ObjectNode spec, String field, int most, String when, Path at, List<FieldError> errors) {
    Long number = number(spec, field);
    if (number != null && number > most) {
      errors.add(
          FieldError.invalid(
              at.child(field), number, "must be less than or equal to " + most + when));
    }
  }

  private static void notIndexed(ObjectNode spec, Path at, List<FieldError> errors) {
    for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
      if (Docs.present(spec, field)) {
        errors.add(
            FieldError.invalid(
                at.child(field), spec.path(field), "requires indexed completion mode"));
      }
    }
  }

  private static void restarts(ObjectNode spec, String restart, Path at, List<FieldError> errors) {
    Path path = at.child("template").child("spec").child("restartPolicy");
    if (restart.isEmpty() || restart.equals("Always")) {
      errors.add(FieldError.required(path, "valid values: \"OnFailure\", \"Never\""));
    } else if (!RESTART.contains(restart)) {
      errors.add(FieldError.notSupported(path, restart, RESTART));
    } else if (Docs.present(spec, "podFailurePolicy") && !restart.equals("Never")) {
      errors.add(
          FieldError.invalid(
              path, restart, "only \"Never\" is supported when podFailurePolicy is specified"));
    }
  }

  private static @Nullable Long number(ObjectNode spec, String field) {
    JsonNode value = spec.get(field);
    return value != null && value.isNumber() ? (Long) value.longValue() : null;
  }
}
