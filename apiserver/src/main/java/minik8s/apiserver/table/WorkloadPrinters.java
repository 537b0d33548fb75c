package minik8s.apiserver.table;

import static minik8s.apiserver.table.Texts.number;
import static minik8s.apiserver.table.Texts.text;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Workloads as rows. Stateless. */
final class WorkloadPrinters {
  private WorkloadPrinters() {}

  static void addTo(Map<String, Printer> printers) {
    printers.put("/pods", new PodPrinter());
    printers.put(
        "apps/deployments",
        Printer.of(
            Column.named(
                "Ready", "Up-to-date", "Available", "Age", "Containers*", "Images*", "Selector*"),
            WorkloadPrinters::deployment));
    Printer counted =
        Printer.of(
            Column.named(
                "Desired:integer",
                "Current:integer",
                "Ready:integer",
                "Age",
                "Containers*",
                "Images*",
                "Selector*"),
            WorkloadPrinters::replicaSet);
    printers.put("apps/replicasets", counted);
    printers.put("/replicationcontrollers", counted);
    printers.put(
        "apps/statefulsets",
        Printer.of(
            Column.named("Ready", "Age", "Containers*", "Images*"), WorkloadPrinters::statefulSet));
    printers.put(
        "apps/daemonsets",
        Printer.of(
            Column.named(
                "Desired:integer",
                "Current:integer",
                "Ready:integer",
                "Up-to-date:integer",
                "Available:integer",
                "Node Selector",
                "Age",
                "Containers*",
                "Images*",
                "Selector*"),
            WorkloadPrinters::daemonSet));
    printers.put(
        "batch/jobs",
        Printer.of(
            Column.named(
                "Status", "Completions", "Duration", "Age", "Containers*", "Images*", "Selector*"),
            WorkloadPrinters::job));
    printers.put(
        "batch/cronjobs",
        Printer.of(
            Column.named(
                "Schedule",
                "Timezone",
                "Suspend",
                "Active:integer",
                "Last Schedule",
                "Age",
                "Containers*",
                "Images*",
                "Selector*"),
            WorkloadPrinters::cronJob));
    printers.put(
        "/podtemplates",
        Printer.of(
            Column.named("Containers", "Images", "Pod Labels"), WorkloadPrinters::podTemplate));
    printers.put(
        "apps/controllerrevisions",
        Printer.of(
            Column.named("Controller", "Revision", "Age"), WorkloadPrinters::controllerRevision));
  }

  private static void containers(JsonNode podSpec, Printer.Row row) {
    row.text(Texts.joined(podSpec.path("containers"), "name"));
    row.text(Texts.joined(podSpec.path("containers"), "image"));
  }

  private static JsonNode podSpec(JsonNode doc) {
    return doc.path("spec").path("template").path("spec");
  }

  private static void deployment(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    JsonNode status = doc.path("status");
    row.text(number(status, "readyReplicas") + "/" + number(spec, "replicas"));
    row.number(number(status, "updatedReplicas")).number(number(status, "availableReplicas"));
    row.text(Texts.age(doc, now));
    containers(podSpec(doc), row);
    row.text(Texts.selector(spec.path("selector")));
  }

  private static void replicaSet(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode status = doc.path("status");
    row.number(number(doc.path("spec"), "replicas")).number(number(status, "replicas"));
    row.number(number(status, "readyReplicas")).text(Texts.age(doc, now));
    containers(podSpec(doc), row);
    row.text(Texts.selector(doc.path("spec").path("selector")));
  }

  private static void statefulSet(JsonNode doc, Printer.Row row, Instant now) {
    row.text(
        number(doc.path("status"), "readyReplicas") + "/" + number(doc.path("spec"), "replicas"));
    row.text(Texts.age(doc, now));
    containers(podSpec(doc), row);
  }

  private static void daemonSet(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode status = doc.path("status");
    row.number(number(status, "desiredNumberScheduled"));
    row.number(number(status, "currentNumberScheduled"));
    row.number(number(status, "numberReady"));
    row.number(number(status, "updatedNumberScheduled"));
    row.number(number(status, "numberAvailable"));
    row.text(Texts.labels(podSpec(doc).path("nodeSelector"))).text(Texts.age(doc, now));
    containers(podSpec(doc), row);
    row.text(Texts.selector(doc.path("spec").path("selector")));
  }

  private static void job(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode status = doc.path("status");
    row.text(jobStatus(doc)).text(completions(doc));
    Instant start = Texts.instant(status, "startTime");
    Instant end = Texts.instant(status, "completionTime");
    row.text(start == null ? "" : Texts.human(Duration.between(start, end == null ? now : end)));
    row.text(Texts.age(doc, now));
    containers(podSpec(doc), row);
    row.text(Texts.selector(doc.path("spec").path("selector")));
  }

  private static String jobStatus(JsonNode doc) {
    JsonNode conditions = doc.path("status").path("conditions");
    for (String type : new String[] {"Complete", "Failed"}) {
      if (Texts.condition(conditions, type)) {
        return type;
      }
    }
    if (Texts.deleting(doc)) {
      return "Terminating";
    }
    for (String type : new String[] {"Suspended", "FailureTarget", "SuccessCriteriaMet"}) {
      if (Texts.condition(conditions, type)) {
        return type;
      }
    }
    return "Running";
  }

  private static String completions(JsonNode doc) {
    JsonNode spec = doc.path("spec");
    long succeeded = number(doc.path("status"), "succeeded");
    if (spec.path("completions").isNumber()) {
      return succeeded + "/" + number(spec, "completions");
    }
    long parallelism = number(spec, "parallelism");
    return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
  }

  private static void cronJob(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    JsonNode status = doc.path("status");
    row.text(text(spec, "schedule")).orNone(text(spec, "timeZone"));
    row.text(spec.path("suspend").asBoolean(false) ? "True" : "False");
    row.number(status.path("active").size());
    row.text(
        text(status, "lastScheduleTime").isEmpty()
            ? Texts.NONE
            : Texts.since(status, "lastScheduleTime", now));
    row.text(Texts.age(doc, now));
    JsonNode job = spec.path("jobTemplate").path("spec");
    containers(job.path("template").path("spec"), row);
    row.text(Texts.selector(job.path("selector")));
  }

  private static void podTemplate(JsonNode doc, Printer.Row row, Instant now) {
    containers(doc.path("template").path("spec"), row);
    row.text(Texts.labels(doc.path("template").path("metadata").path("labels")));
  }

  private static void controllerRevision(JsonNode doc, Printer.Row row, Instant now) {
    String controller = Texts.NONE;
    for (JsonNode owner : doc.path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean(false)) {
        String apiVersion = text(owner, "apiVersion");
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : "." + apiVersion.substring(0, slash);
        controller =
            text(owner, "kind").toLowerCase(java.util.Locale.ROOT)
                + group
                + "/"
                + text(owner, "name");
      }
    }
    row.text(controller).text(doc.path("revision").asString("0")).text(Texts.age(doc, now));
  }
}
