package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.text;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import minik8s.api.cron.Schedule;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of jobs. Stateless. Source: Kubernetes' {@code pkg/registry/batch/job/strategy.go}. */
final class JobRules implements Rules {
  private static final String UID_LABEL = "batch.kubernetes.io/controller-uid";
  private static final String NAME_LABEL = "batch.kubernetes.io/job-name";
  private static final Set<String> RESTART = Set.of("OnFailure", "Never");

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
    ObjectNode template = ensure(spec, "template");
    ObjectNode labels = ensure(ensure(template, "metadata"), "labels");
    labels.put(UID_LABEL, uid).put(NAME_LABEL, name);
    labels.put("controller-uid", uid).put("job-name", name);
    ensure(ensure(spec, "selector"), "matchLabels").put(UID_LABEL, uid);
  }

  @Override
  public void validate(ObjectNode doc, List<FieldError> errors) {
    ObjectNode spec = object(doc, "spec");
    if (spec == null) {
      spec = doc.objectNode();
    }
    spec(spec, Path.SPEC, errors);
    JsonNode selector = spec.get("selector");
    if (selector == null || selector.isNull()) {
      errors.add(FieldError.required(Path.SPEC.child("selector")));
    } else {
      SelectorValidation.selector(selector, Path.SPEC.child("selector"), errors);
      JsonNode labels = spec.path("template").path("metadata").path("labels");
      if (!SelectorValidation.matches(selector, labels)) {
        errors.add(
            FieldError.invalid(
                Path.SPEC.child("template").child("metadata").child("labels"),
                labels,
                "`selector` does not match template `labels`"));
      }
    }
  }

  /** The spec of a job, also inside a cron job. */
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
    String mode = text(spec, "completionMode");
    Check.oneOf(spec, "completionMode", at, Set.of("Indexed", "NonIndexed"), errors);
    if (mode.equals("Indexed") && Docs.absent(spec, "completions")) {
      errors.add(FieldError.required(at.child("completions"), "when completion mode is Indexed"));
    }
    Path template = at.child("template");
    ObjectNode present = PodSpecValidation.template(spec, template, errors);
    if (present == null) {
      return;
    }
    String restart = text(present.path("spec"), "restartPolicy");
    Path path = template.child("spec").child("restartPolicy");
    if (restart.isEmpty() || restart.equals("Always")) {
      errors.add(FieldError.required(path, "valid values: \"OnFailure\", \"Never\""));
    } else if (!RESTART.contains(restart)) {
      errors.add(FieldError.notSupported(path, restart, RESTART));
    }
  }

  @Override
  public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
    JsonNode spec = doc.path("spec");
    JsonNode before = old.path("spec");
    boolean indexed = text(spec, "completionMode").equals("Indexed");
    if (!indexed || !Docs.same(spec, before, "completionMode")) {
      Check.immutable(spec, before, "completions", Path.SPEC, errors);
    }
    Check.immutable(spec, before, "selector", Path.SPEC, errors);
    if (!templateMayChange(before, old)) {
      Check.immutable(spec, before, "template", Path.SPEC, errors);
    }
    Check.immutable(spec, before, "completionMode", Path.SPEC, errors);
    Check.immutable(spec, before, "podFailurePolicy", Path.SPEC, errors);
  }

  /** The scheduling directives of a suspended job that never started may still change. */
  private static boolean templateMayChange(JsonNode before, ObjectNode old) {
    return Docs.isTrue(before, "suspend") && Docs.absent(old.path("status"), "startTime");
  }

  @Override
  public void warnings(ObjectNode doc, List<String> warnings) {
    ActedOn.podSpec(doc.path("spec").path("template").path("spec"), "spec.template.spec", warnings);
  }

  /** Cron jobs. */
  static final class CronJobRules implements Rules {
    /** Eleven characters are kept for the suffix of the jobs. */
    private static final int NAME_LENGTH = 52;

    @Override
    public void defaults(ObjectNode doc) {
      ObjectNode spec = object(doc, "spec");
      if (spec == null) {
        return;
      }
      fill(spec, "concurrencyPolicy", "Allow");
      fill(spec, "suspend", false);
      fill(spec, "successfulJobsHistoryLimit", 3);
      fill(spec, "failedJobsHistoryLimit", 1);
      ObjectNode template = object(spec, "jobTemplate");
      ObjectNode job = template == null ? null : object(template, "spec");
      if (job != null) {
        PodDefaults.template(job);
      }
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      ObjectNode spec = object(doc, "spec");
      if (spec == null) {
        spec = doc.objectNode();
      }
      String name = text(doc.path("metadata"), "name");
      if (name.length() > NAME_LENGTH) {
        errors.add(
            FieldError.invalid(
                Path.METADATA.child("name"), name, "must be no more than 52 characters"));
      }
      schedule(text(spec, "schedule"), errors);
      timeZone(spec, errors);
      Check.notNegative(spec, "startingDeadlineSeconds", Path.SPEC, errors);
      if (Docs.blank(spec, "concurrencyPolicy")) {
        errors.add(FieldError.required(Path.SPEC.child("concurrencyPolicy")));
      }
      Check.oneOf(
          spec, "concurrencyPolicy", Path.SPEC, Set.of("Allow", "Forbid", "Replace"), errors);
      Check.notNegative(spec, "successfulJobsHistoryLimit", Path.SPEC, errors);
      Check.notNegative(spec, "failedJobsHistoryLimit", Path.SPEC, errors);
      Path at = Path.SPEC.child("jobTemplate").child("spec");
      ObjectNode job = object(spec.path("jobTemplate"), "spec");
      spec(job == null ? spec.objectNode() : job, at, errors);
    }

    private static void schedule(String schedule, List<FieldError> errors) {
      Path at = Path.SPEC.child("schedule");
      if (schedule.isEmpty()) {
        errors.add(FieldError.required(at));
      } else if (schedule.contains("TZ=")) {
        errors.add(
            FieldError.invalid(
                at, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
      } else {
        try {
          Schedule.parse(schedule, ZoneOffset.UTC);
        } catch (IllegalArgumentException e) {
          errors.add(FieldError.invalid(at, schedule, String.valueOf(e.getMessage())));
        }
      }
    }

    private static void timeZone(ObjectNode spec, List<FieldError> errors) {
      JsonNode zone = spec.get("timeZone");
      if (zone == null || zone.isNull()) {
        return;
      }
      String id = zone.asString("");
      if (!java.time.ZoneId.getAvailableZoneIds().contains(id)) {
        errors.add(FieldError.invalid(Path.SPEC.child("timeZone"), id, "unknown time zone " + id));
      }
    }

    @Override
    public void warnings(ObjectNode doc, List<String> warnings) {
      ActedOn.podSpec(
          doc.path("spec").path("jobTemplate").path("spec").path("template").path("spec"),
          "spec.jobTemplate.spec.template.spec",
          warnings);
    }
  }

  @Override
  public NameRule names() {
    return Names::subdomain;
  }
}
