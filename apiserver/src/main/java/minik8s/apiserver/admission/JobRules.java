package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of jobs. Stateless. Source: Kubernetes' {@code pkg/registry/batch/job/strategy.go} and
 * {@code pkg/apis/batch/validation}.
 */
final class JobRules implements Rules {
  private static final String UID_LABEL = "batch.kubernetes.io/controller-uid";
  private static final String NAME_LABEL = "batch.kubernetes.io/job-name";
  private static final Path TEMPLATE_LABELS =
      Path.SPEC.child("template").child("metadata").child("labels");

  @Override
  public void defaults(ObjectNode doc) {
    ObjectNode spec = object(doc, "spec");
    if (spec == null) {
      return;
    }
    if (Docs.absent(spec, "completions") && Docs.absent(spec, "parallelism")) {
      spec.put("completions", 1).put("parallelism", 1);
    }
    fill(spec, "parallelism", 1);
    fill(spec, "backoffLimit", Docs.present(spec, "backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
    fill(spec, "completionMode", "NonIndexed");
    fill(spec, "suspend", false);
    fill(spec, "manualSelector", false);
    fill(
        spec,
        "podReplacementPolicy",
        Docs.present(spec, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    labelsFromTemplate(doc, spec);
    PodDefaults.template(spec);
    JobPolicies.defaults(spec);
  }

  private static void labelsFromTemplate(ObjectNode doc, ObjectNode spec) {
    ObjectNode meta = ensure(doc, "metadata");
    JsonNode labels = spec.path("template").path("metadata").path("labels");
    if (Docs.isEmptyList(meta, "labels") && labels instanceof ObjectNode template) {
      ObjectNode copy = template.deepCopy();
      copy.remove(List.of(UID_LABEL, NAME_LABEL, "controller-uid", "job-name"));
      if (!copy.isEmpty()) {
        meta.set("labels", copy);
      }
    }
  }

  /** Makes a new job select its own pods by its uid, which admission knows and defaulting not. */
  static void selectOwnPods(ObjectNode doc) {
    ObjectNode spec = object(doc, "spec");
    if (spec == null || Docs.isTrue(spec, "manualSelector")) {
      return;
    }
    labelsFromTemplate(doc, spec);
    String uid = text(doc.path("metadata"), "uid");
    String name = text(doc.path("metadata"), "name");
    ObjectNode labels = ensure(ensure(ensure(spec, "template"), "metadata"), "labels");
    ownLabels(uid, name).forEach((key, value) -> fill(labels, key, value));
    fill(ensure(ensure(spec, "selector"), "matchLabels"), UID_LABEL, uid);
  }

  /** What tells the pods of a job from others; one that a user set to something else is refused. */
  private static Map<String, String> ownLabels(String uid, String name) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(UID_LABEL, uid);
    labels.put(NAME_LABEL, name);
    labels.put("controller-uid", uid);
    labels.put("job-name", name);
    return labels;
  }

  @Override
  public void validate(ObjectNode doc, List<FieldError> errors) {
    ObjectNode spec = object(doc, "spec");
    if (spec == null) {
      spec = doc.objectNode();
    }
    JobSpecValidation.spec(spec, Path.SPEC, errors);
    JsonNode selector = spec.get("selector");
    if (selector == null || selector.isNull()) {
      errors.add(FieldError.required(Path.SPEC.child("selector")));
    } else {
      selector(doc, spec, selector, errors);
    }
    podNames(doc, spec, errors);
  }

  private static void selector(
      ObjectNode doc, ObjectNode spec, JsonNode selector, List<FieldError> errors) {
    JsonNode labels = spec.path("template").path("metadata").path("labels");
    if (!Docs.isTrue(spec, "manualSelector")) {
      generated(doc.path("metadata"), selector, labels, errors);
    }
    SelectorValidation.selector(selector, Path.SPEC.child("selector"), errors);
    if (!SelectorValidation.matches(selector, labels)) {
      errors.add(
          FieldError.invalid(
              TEMPLATE_LABELS, labels, "`selector` does not match template `labels`"));
    }
  }

  private static void generated(
      JsonNode meta, JsonNode selector, JsonNode labels, List<FieldError> errors) {
    Map<String, String> own = ownLabels(text(meta, "uid"), text(meta, "name"));
    ObjectNode expected = Json.object();
    own.forEach((key, value) -> {
      String found = text(labels, key);
      String must = "must be '" + value + "'";
      if (!labels.has(key)) {
        errors.add(FieldError.required(TEMPLATE_LABELS.key(key), must));
      } else if (!found.equals(value)) {
        errors.add(FieldError.invalid(TEMPLATE_LABELS.key(key), labels, must));
      }
      expected.put(key, value);
    });
    if (!SelectorValidation.matches(selector, expected)) {
      errors.add(
          FieldError.invalid(
              Path.SPEC.child("selector"), selector, "`selector` not auto-generated"));
    }
  }

  /** The pods of an indexed job are called by its name and their number. */
  private static void podNames(ObjectNode doc, ObjectNode spec, List<FieldError> errors) {
    long completions = spec.path("completions").asLong(0);
    if (text(spec, "completionMode").equals("Indexed") && completions > 0) {
      String name = text(doc.path("metadata"), "name");
      String last = name + "-" + (completions - 1);
      if (!Names.label(last).isEmpty()) {
        errors.add(
            FieldError.invalid(
                Path.METADATA.child("name"),
                name,
                "will not able to create pod with invalid DNS label: " + last));
      }
    }
  }

  @Override
  public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
    JsonNode spec = doc.path("spec");
    JsonNode before = old.path("spec");
    completions(spec, before, errors);
    Check.immutable(spec, before, "selector", Path.SPEC, errors);
    template(spec, before, suspended(before, old), errors);
    for (String field :
        List.of(
            "completionMode",
            "podFailurePolicy",
            "backoffLimitPerIndex",
            "managedBy",
            "successPolicy")) {
      Check.immutable(spec, before, field, Path.SPEC, errors);
    }
  }

  /** An indexed job may grow and shrink, its pods with it. */
  private static void completions(JsonNode spec, JsonNode before, List<FieldError> errors) {
    if (!text(spec, "completionMode").equals("Indexed")) {
      Check.immutable(spec, before, "completions", Path.SPEC, errors);
    } else if (Docs.present(spec, "completions")
        && !Docs.same(spec, before, "completions")
        && !Docs.same(spec.get("completions"), spec.get("parallelism"))) {
      errors.add(
          FieldError.invalid(
              Path.SPEC.child("completions"),
              spec.path("completions"),
              "can only be modified in tandem with spec.parallelism"));
    }
  }

  private static boolean suspended(JsonNode before, ObjectNode old) {
    return Docs.isTrue(before, "suspend") && Docs.absent(old.path("status"), "startTime");
  }

  /** Where the pods of a suspended job that never started will run may still change. */
  private static void template(
      JsonNode spec, JsonNode before, boolean suspended, List<FieldError> errors) {
    boolean same =
        suspended
            ? Docs.same(placeless(spec), placeless(before))
            : Docs.same(spec, before, "template");
    if (!same) {
      errors.add(FieldError.immutable(Path.SPEC.child("template"), spec.path("template")));
    }
  }

  /** The template without what decides where its pods run. */
  private static JsonNode placeless(JsonNode spec) {
    JsonNode template = spec.path("template").deepCopy();
    if (template.get("metadata") instanceof ObjectNode meta) {
      meta.remove(List.of("labels", "annotations"));
    }
    if (template.get("spec") instanceof ObjectNode pod) {
      pod.remove(List.of("nodeSelector", "tolerations", "schedulingGates"));
      if (pod.get("affinity") instanceof ObjectNode affinity) {
        affinity.remove("nodeAffinity");
      }
    }
    return template;
  }

  @Override
  public void warnings(ObjectNode doc, List<String> warnings) {
    ActedOn.podSpec(doc.path("spec").path("template").path("spec"), "spec.template.spec", warnings);
  }

  @Override
  public NameRule names() {
    return Names::subdomain;
  }
}
