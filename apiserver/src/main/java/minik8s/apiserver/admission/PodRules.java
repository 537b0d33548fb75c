package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of pods. Stateless. Source: Kubernetes' {@code pkg/registry/core/pod/strategy.go}. */
final class PodRules implements Rules {
  private static final String ONLY =
      "pod updates may not change fields other than `spec.containers[*].image`,"
          + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
          + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to"
          + " be set to 1 if it was previously negative)";

  @Override
  public void defaults(ObjectNode doc) {
    PodDefaults.pod(doc);
  }

  @Override
  public void create(ObjectNode doc) {
    ObjectNode status = doc.putObject("status");
    status.put("phase", "Pending");
    ObjectNode spec = object(doc, "spec");
    if (spec != null) {
      status.put("qosClass", PodQuality.of(spec));
    }
  }

  @Override
  public void validate(ObjectNode doc, List<FieldError> errors) {
    ObjectNode spec = object(doc, "spec");
    PodSpecValidation.validate(spec == null ? doc.objectNode() : spec, Path.SPEC, errors);
  }

  @Override
  public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
    ObjectNode spec = object(doc, "spec");
    ObjectNode before = object(old, "spec");
    if (spec == null || before == null || Docs.same(spec, before)) {
      return;
    }
    if (containersDiffer(spec, before, "containers", errors)
        || containersDiffer(spec, before, "initContainers", errors)) {
      return;
    }
    ObjectNode allowed = before.deepCopy();
    takeImages(allowed, spec);
    deadline(allowed, spec, errors);
    if (before.path("terminationGracePeriodSeconds").asLong(0) < 0
        && spec.path("terminationGracePeriodSeconds").asLong(0) == 1) {
      allowed.put("terminationGracePeriodSeconds", 1);
    }
    tolerations(allowed, spec, before, errors);
    Docs.copy(allowed, spec, "schedulingGates");
    if (!Docs.same(spec, allowed)) {
      errors.add(FieldError.forbidden(Path.SPEC, ONLY + differences(spec, allowed)));
    }
  }

  private static boolean containersDiffer(
      ObjectNode spec, ObjectNode before, String list, List<FieldError> errors) {
    if (spec.path(list).size() == before.path(list).size()) {
      return false;
    }
    errors.add(
        FieldError.forbidden(
            Path.SPEC.child(list), "pod updates may not add or remove containers"));
    return true;
  }

  private static void takeImages(ObjectNode allowed, ObjectNode spec) {
    for (String list : List.of("containers", "initContainers")) {
      List<ObjectNode> to = objects(allowed, list);
      List<ObjectNode> from = objects(spec, list);
      for (int i = 0; i < Math.min(to.size(), from.size()); i++) {
        Docs.copy(to.get(i), from.get(i), "image");
      }
    }
  }

  private static void deadline(ObjectNode allowed, ObjectNode spec, List<FieldError> errors) {
    JsonNode now = spec.get("activeDeadlineSeconds");
    JsonNode then = allowed.get("activeDeadlineSeconds");
    if (then != null && then.isNumber() && (now == null || now.asLong(0) > then.asLong(0))) {
      errors.add(
          FieldError.invalid(
              Path.SPEC.child("activeDeadlineSeconds"),
              spec.path("activeDeadlineSeconds"),
              "must be less than or equal to previous value"));
    }
    Docs.copy(allowed, spec, "activeDeadlineSeconds");
  }

  private static void tolerations(
      ObjectNode allowed, ObjectNode spec, ObjectNode before, List<FieldError> errors) {
    List<ObjectNode> now = objects(spec, "tolerations");
    for (ObjectNode then : objects(before, "tolerations")) {
      if (now.stream().noneMatch(t -> sameToleration(t, then))) {
        errors.add(
            FieldError.forbidden(
                Path.SPEC.child("tolerations"),
                "existing toleration can not be modified except its tolerationSeconds"));
      }
    }
    Docs.copy(allowed, spec, "tolerations");
  }

  private static boolean sameToleration(ObjectNode a, ObjectNode b) {
    return Docs.same(a, b, "key")
        && Docs.same(a, b, "operator")
        && Docs.same(a, b, "value")
        && Docs.same(a, b, "effect");
  }

  /** Which fields changed, one a line, where Kubernetes prints a diff of its Go structures. */
  private static String differences(ObjectNode spec, ObjectNode allowed) {
    List<String> lines = new ArrayList<>();
    collect(spec, allowed, "spec", lines);
    return lines.isEmpty() ? "" : "\nchanged:\n  " + String.join("\n  ", lines);
  }

  private static void collect(JsonNode a, JsonNode b, String path, List<String> lines) {
    if (Docs.same(a, b)) {
      return;
    }
    if (a.isObject() && b.isObject()) {
      TreeSet<String> fields = new TreeSet<>(a.propertyNames());
      fields.addAll(b.propertyNames());
      for (String field : fields) {
        collect(a.path(field), b.path(field), path + "." + field, lines);
      }
    } else if (a.isArray() && b.isArray() && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        collect(a.get(i), b.get(i), path + "[" + i + "]", lines);
      }
    } else {
      lines.add(path + ": " + shown(b) + " → " + shown(a));
    }
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "(absent)" : node.toString();
  }

  @Override
  public void warnings(ObjectNode doc, List<String> warnings) {
    ActedOn.podSpec(doc.path("spec"), "spec", warnings);
  }
}
