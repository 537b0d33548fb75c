package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a job makes of the ends of its pods: the policies of failure, success and replacement.
 * Stateless. Source: Kubernetes' {@code pkg/apis/batch/validation}.
 */
final class JobPolicies {
  private static final int MOST_RULES = 20;
  private static final int MOST_EXIT_CODES = 255;
  private static final int MOST_CONDITIONS = 20;
  private static final int MOST_INDEX_TEXT = 64 * 1024;
  private static final Set<String> ACTIONS = Set.of("Count", "FailIndex", "FailJob", "Ignore");
  private static final Set<String> OPERATORS = Set.of("In", "NotIn");
  private static final Set<String> STATUSES = Set.of("False", "True", "Unknown");

  private JobPolicies() {}

  /** A condition is asked to be true unless something else is said. */
  static void defaults(ObjectNode spec) {
    for (ObjectNode rule : objects(spec.path("podFailurePolicy"), "rules")) {
      for (ObjectNode condition : objects(rule, "onPodConditions")) {
        Docs.fill(condition, "status", "True");
      }
    }
  }

  static void validate(ObjectNode spec, Path at, List<FieldError> errors) {
    if (Docs.present(spec, "podFailurePolicy")) {
      failure(spec, at.child("podFailurePolicy").child("rules"), errors);
    }
    if (Docs.present(spec, "successPolicy")) {
      Path path = at.child("successPolicy");
      if (text(spec, "completionMode").equals("Indexed")) {
        success(spec, path.child("rules"), errors);
      } else {
        errors.add(
            FieldError.invalid(
                path, spec.path("successPolicy"), "requires indexed completion mode"));
      }
    }
    Set<String> replacements =
        Docs.present(spec, "podFailurePolicy")
            ? Set.of("Failed")
            : Set.of("Failed", "TerminatingOrFailed");
    Check.oneOf(spec, "podReplacementPolicy", at, replacements, errors);
  }

  private static void failure(ObjectNode spec, Path at, List<FieldError> errors) {
    List<ObjectNode> rules = objects(spec.path("podFailurePolicy"), "rules");
    tooMany(rules.size(), MOST_RULES, at, errors);
    JsonNode pod = spec.path("template").path("spec");
    Set<String> containers =
        Stream.concat(objects(pod, "containers").stream(), objects(pod, "initContainers").stream())
            .map(container -> text(container, "name"))
            .collect(Collectors.toSet());
    int index = 0;
    for (ObjectNode rule : rules) {
      Path path = at.index(index++);
      required(rule, "action", ACTIONS, path, errors);
      if (text(rule, "action").equals("FailIndex") && Docs.absent(spec, "backoffLimitPerIndex")) {
        errors.add(
            FieldError.invalid(
                path.child("action"), "FailIndex", "requires the backoffLimitPerIndex to be set"));
      }
      if (rule.get("onExitCodes") instanceof ObjectNode codes) {
        exitCodes(codes, containers, path.child("onExitCodes"), errors);
      }
      conditions(objects(rule, "onPodConditions"), path.child("onPodConditions"), errors);
      oneOfBoth(rule, path, errors);
    }
  }

  private static void oneOfBoth(ObjectNode rule, Path at, List<FieldError> errors) {
    boolean codes = Docs.present(rule, "onExitCodes");
    boolean conditions = !Docs.isEmptyList(rule, "onPodConditions");
    if (codes && conditions) {
      errors.add(
          FieldError.invalid(
              at, "specifying both OnExitCodes and OnPodConditions is not supported"));
    } else if (!codes && !conditions) {
      errors.add(
          FieldError.invalid(at, "specifying one of OnExitCodes and OnPodConditions is required"));
    }
  }

  private static void exitCodes(
      ObjectNode codes, Set<String> containers, Path at, List<FieldError> errors) {
    required(codes, "operator", OPERATORS, at, errors);
    if (Docs.present(codes, "containerName")
        && !containers.contains(text(codes, "containerName"))) {
      errors.add(
          FieldError.invalid(
              at.child("containerName"),
              text(codes, "containerName"),
              "must be one of the container or initContainer names in the pod template"));
    }
    Path path = at.child("values");
    JsonNode values = codes.path("values");
    if (values.isEmpty()) {
      errors.add(FieldError.invalid(path, values, "at least one value is required"));
    }
    tooMany(values.size(), MOST_EXIT_CODES, path, errors);
    Set<JsonNode> seen = new HashSet<>();
    boolean ordered = true;
    for (int i = 0; i < values.size(); i++) {
      JsonNode value = values.get(i);
      if (text(codes, "operator").equals("In") && value.asLong(1) == 0) {
        errors.add(FieldError.invalid(path.index(i), 0, "must not be 0 for the In operator"));
      }
      if (!seen.add(value)) {
        errors.add(FieldError.duplicate(path.index(i), value));
      }
      ordered &= i == 0 || values.get(i - 1).asLong(0) <= value.asLong(0);
    }
    if (!ordered) {
      errors.add(FieldError.invalid(path, values, "must be ordered"));
    }
  }

  private static void conditions(List<ObjectNode> patterns, Path at, List<FieldError> errors) {
    tooMany(patterns.size(), MOST_CONDITIONS, at, errors);
    int index = 0;
    for (ObjectNode pattern : patterns) {
      Path path = at.index(index++);
      Check.name(text(pattern, "type"), Names::qualifiedName, path.child("type"), errors);
      required(pattern, "status", STATUSES, path, errors);
    }
  }

  private static void success(ObjectNode spec, Path at, List<FieldError> errors) {
    List<ObjectNode> rules = objects(spec.path("successPolicy"), "rules");
    if (rules.isEmpty()) {
      errors.add(
          FieldError.required(
              at, "at least one rules must be specified when the successPolicy is specified"));
    }
    tooMany(rules.size(), MOST_RULES, at, errors);
    long completions = spec.path("completions").asLong(0);
    int index = 0;
    for (ObjectNode rule : rules) {
      succeeded(rule, completions, at.index(index++), errors);
    }
  }

  private static void succeeded(
      ObjectNode rule, long completions, Path at, List<FieldError> errors) {
    boolean indexes = Docs.present(rule, "succeededIndexes");
    if (!indexes && Docs.absent(rule, "succeededCount")) {
      errors.add(
          FieldError.required(
              at, "at least one of succeededCount or succeededIndexes must be specified"));
    }
    String listed = text(rule, "succeededIndexes");
    Path path = at.child("succeededIndexes");
    if (listed.length() > MOST_INDEX_TEXT) {
      errors.add(FieldError.tooLong(path, MOST_INDEX_TEXT));
    }
    long total = 0;
    try {
      total = JobIndexes.count(listed, completions);
    } catch (IllegalArgumentException e) {
      errors.add(
          FieldError.invalid(path, listed, "error parsing succeededIndexes: " + e.getMessage()));
    }
    Check.notNegative(rule, "succeededCount", at, errors);
    long count = rule.path("succeededCount").asLong(0);
    atMost(count, completions, "the number of specified completions", at, errors);
    if (indexes) {
      String what = "the number of indexes in the specified succeededIndexes field";
      atMost(count, total, what, at, errors);
    }
  }

  private static void atMost(long count, long most, String what, Path at, List<FieldError> errors) {
    if (count > most) {
      errors.add(
          FieldError.invalid(
              at.child("succeededCount"),
              count,
              "must be less than or equal to " + most + " (" + what + ")"));
    }
  }

  private static void required(
      ObjectNode parent, String field, Set<String> values, Path at, List<FieldError> errors) {
    if (Docs.blank(parent, field)) {
      String all = values.stream().sorted().map(FieldError::quote).collect(Collectors.joining(" "));
      errors.add(FieldError.required(at.child(field), "valid values: [" + all + "]"));
    } else {
      Check.oneOf(parent, field, at, values, errors);
    }
  }

  private static void tooMany(int actual, int most, Path at, List<FieldError> errors) {
    if (actual > most) {
      errors.add(FieldError.tooMany(at, actual, most));
    }
  }
}
