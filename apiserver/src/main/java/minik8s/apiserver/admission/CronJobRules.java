package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.text;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import minik8s.api.cron.Schedule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of cron jobs. Stateless. Source: Kubernetes' {@code pkg/registry/batch/cronjob} and
 * {@code pkg/apis/batch/validation}.
 */
final class CronJobRules implements Rules {
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
      JobPolicies.defaults(job);
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
    Check.oneOf(spec, "concurrencyPolicy", Path.SPEC, Set.of("Allow", "Forbid", "Replace"), errors);
    Check.notNegative(spec, "successfulJobsHistoryLimit", Path.SPEC, errors);
    Check.notNegative(spec, "failedJobsHistoryLimit", Path.SPEC, errors);
    ObjectNode job = object(spec.path("jobTemplate"), "spec");
    jobs(job == null ? spec.objectNode() : job, errors);
  }

  private static void jobs(ObjectNode job, List<FieldError> errors) {
    Path at = Path.SPEC.child("jobTemplate").child("spec");
    JobSpecValidation.spec(job, at, errors);
    if (Docs.present(job, "selector")) {
      errors.add(
          FieldError.invalid(
              at.child("selector"), job.path("selector"), "`selector` will be auto-generated"));
    }
    if (Docs.isTrue(job, "manualSelector")) {
      errors.add(
          FieldError.notSupported(at.child("manualSelector"), "true", List.of("nil", "false")));
    }
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
