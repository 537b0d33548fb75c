package minik8s.kubectl.describe;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.Age;
import org.jspecify.annotations.Nullable;

/** Deployments, replica sets, daemon sets, stateful sets and jobs. Stateless. */
public final class WorkloadText {
  private WorkloadText() {}

  /** A deployment with its old and new replica sets. */
  public static String deployment(
      Map<String, Object> object,
      String selector,
      List<Map<String, Object>> replicaSets,
      @Nullable List<Object> events,
      InstantSource clock) {
    Page page = new Page(clock);
    name(page, object);
    page.field("CreationTimestamp", Page.time(Tree.text(object, "metadata", "creationTimestamp")));
    metadata(page, object);
    page.field("Selector", selector);
    page.field(
        "Replicas",
        Tree.number(object, 1, "spec", "replicas")
            + " desired | "
            + status(object, "updatedReplicas")
            + " updated | "
            + status(object, "replicas")
            + " total | "
            + status(object, "availableReplicas")
            + " available | "
            + status(object, "unavailableReplicas")
            + " unavailable");
    page.field("StrategyType", Tree.text(object, "spec", "strategy", "type"));
    page.field("MinReadySeconds", "" + Tree.number(object, 0, "spec", "minReadySeconds"));
    Map<String, Object> rolling = Tree.map(object, "spec", "strategy", "rollingUpdate");
    if (!rolling.isEmpty()) {
      page.field(
          "RollingUpdateStrategy",
          Tree.text(rolling, "maxUnavailable")
              + " max unavailable, "
              + Tree.text(rolling, "maxSurge")
              + " max surge");
    }
    PodText.addTemplate(page, Tree.map(object, "spec", "template"));
    page.conditions(object, true);
    replicaSets(page, object, replicaSets);
    return page.events(events).text();
  }

  private static void replicaSets(
      Page page, Map<String, Object> object, List<Map<String, Object>> replicaSets) {
    if (replicaSets.isEmpty()) {
      return;
    }
    String key = "deployment.kubernetes.io/revision";
    String current = Tree.text(object, "metadata", "annotations", key);
    StringBuilder old = new StringBuilder();
    StringBuilder recent = new StringBuilder();
    for (Map<String, Object> set : replicaSets) {
      boolean isNew = Tree.text(set, "metadata", "annotations", key).equals(current);
      StringBuilder into = isNew ? recent : old;
      into.append(into.isEmpty() ? "" : ", ")
          .append(Tree.text(set, "metadata", "name"))
          .append(" (")
          .append(status(set, "replicas"))
          .append('/')
          .append(Tree.number(set, 1, "spec", "replicas"))
          .append(" replicas created)");
    }
    page.field("OldReplicaSets", old.isEmpty() ? "<none>" : old.toString());
    page.field("NewReplicaSet", recent.isEmpty() ? "<none>" : recent.toString());
  }

  /** A replica set, daemon set or stateful set with the phases of its pods. */
  public static String podSet(
      Map<String, Object> object,
      String selector,
      List<Map<String, Object>> pods,
      @Nullable List<Object> events,
      InstantSource clock) {
    Page page = new Page(clock);
    name(page, object);
    String kind = Tree.text(object, "kind");
    if (kind.equals("StatefulSet")) {
      page.field(
          "CreationTimestamp", Page.time(Tree.text(object, "metadata", "creationTimestamp")));
    }
    page.field("Selector", selector);
    if (kind.equals("DaemonSet")) {
      page.labels("Node-Selector", Tree.map(object, "spec", "template", "spec", "nodeSelector"));
    }
    metadata(page, object);
    page.optional("Controlled By", Page.controller(object));
    switch (kind) {
      case "DaemonSet" -> daemonSet(page, object);
      case "StatefulSet" ->
          page.field(
              "Replicas",
              Tree.number(object, 1, "spec", "replicas")
                  + " desired | "
                  + status(object, "replicas")
                  + " total");
      default ->
          page.field(
              "Replicas",
              status(object, "replicas")
                  + " current / "
                  + Tree.number(object, 1, "spec", "replicas")
                  + " desired");
    }
    if (kind.equals("StatefulSet")) {
      page.field("Update Strategy", Tree.text(object, "spec", "updateStrategy", "type"));
      if (Tree.at(object, "spec", "updateStrategy", "rollingUpdate") != null) {
        page.line(
            1,
            "Partition:\t"
                + Tree.number(object, 0, "spec", "updateStrategy", "rollingUpdate", "partition"));
      }
    }
    page.field("Pods Status", phases(pods));
    PodText.addTemplate(page, Tree.map(object, "spec", "template"));
    page.conditions(object, true);
    return page.events(events).text();
  }

  private static void daemonSet(Page page, Map<String, Object> object) {
    page.field("Desired Number of Nodes Scheduled", status(object, "desiredNumberScheduled"));
    page.field("Current Number of Nodes Scheduled", status(object, "currentNumberScheduled"));
    page.field(
        "Number of Nodes Scheduled with Up-to-date Pods", status(object, "updatedNumberScheduled"));
    page.field("Number of Nodes Scheduled with Available Pods", status(object, "numberAvailable"));
    page.field("Number of Nodes Misscheduled", status(object, "numberMisscheduled"));
  }

  private static String phases(List<Map<String, Object>> pods) {
    Map<String, Integer> count = new TreeMap<>();
    for (Map<String, Object> pod : pods) {
      count.merge(Tree.text(pod, "status", "phase"), 1, Integer::sum);
    }
    return count.getOrDefault("Running", 0)
        + " Running / "
        + count.getOrDefault("Pending", 0)
        + " Waiting / "
        + count.getOrDefault("Succeeded", 0)
        + " Succeeded / "
        + count.getOrDefault("Failed", 0)
        + " Failed";
  }

  /** A job. */
  public static String job(
      Map<String, Object> object,
      String selector,
      @Nullable List<Object> events,
      InstantSource clock) {
    Page page = new Page(clock);
    name(page, object);
    page.field("Selector", selector);
    metadata(page, object);
    page.optional("Controlled By", Page.controller(object));
    page.optional("Parallelism", Tree.text(object, "spec", "parallelism"));
    String completions = Tree.text(object, "spec", "completions");
    page.field("Completions", completions.isEmpty() ? "<unset>" : completions);
    page.optional("Completion Mode", Tree.text(object, "spec", "completionMode"));
    page.optional("Suspend", Tree.text(object, "spec", "suspend"));
    page.optional("Backoff Limit", Tree.text(object, "spec", "backoffLimit"));
    page.optional(
        "TTL Seconds After Finished", Tree.text(object, "spec", "ttlSecondsAfterFinished"));
    String start = Tree.text(object, "status", "startTime");
    String end = Tree.text(object, "status", "completionTime");
    page.optional("Start Time", start.isEmpty() ? "" : Page.time(start));
    page.optional("Completed At", end.isEmpty() ? "" : Page.time(end));
    Instant from = Age.instant(start);
    Instant to = Age.instant(end);
    if (from != null && to != null) {
      page.field("Duration", Age.human(Duration.between(from, to)));
    }
    String deadline = Tree.text(object, "spec", "activeDeadlineSeconds");
    page.optional("Active Deadline Seconds", deadline.isEmpty() ? "" : deadline + "s");
    String ready = Tree.text(object, "status", "ready");
    page.field(
        "Pods Statuses",
        status(object, "active")
            + " Active "
            + (ready.isEmpty() ? "" : "(" + ready + " Ready) ")
            + "/ "
            + status(object, "succeeded")
            + " Succeeded / "
            + status(object, "failed")
            + " Failed");
    if (Tree.text(object, "spec", "completionMode").equals("Indexed")) {
      String done = Tree.text(object, "status", "completedIndexes");
      page.field("Completed Indexes", done.isEmpty() ? "<none>" : done);
    }
    PodText.addTemplate(page, Tree.map(object, "spec", "template"));
    return page.events(events).text();
  }

  /** A cron job with the template of its jobs. */
  public static String cronJob(
      Map<String, Object> object, @Nullable List<Object> events, InstantSource clock) {
    Page page = new Page(clock);
    name(page, object);
    metadata(page, object);
    page.field("Schedule", Tree.text(object, "spec", "schedule"));
    page.optional("Time Zone", Tree.text(object, "spec", "timeZone"));
    page.field("Concurrency Policy", Tree.text(object, "spec", "concurrencyPolicy"));
    page.field("Suspend", Tree.flag(object, "spec", "suspend") ? "True" : "False");
    page.field(
        "Successful Job History Limit", Tree.text(object, "spec", "successfulJobsHistoryLimit"));
    page.field("Failed Job History Limit", Tree.text(object, "spec", "failedJobsHistoryLimit"));
    String deadline = Tree.text(object, "spec", "startingDeadlineSeconds");
    page.field("Starting Deadline Seconds", deadline.isEmpty() ? "<unset>" : deadline + "s");
    Map<String, Object> job = Tree.map(object, "spec", "jobTemplate", "spec");
    page.field("Selector", "<unset>");
    page.field("Parallelism", unlessUnset(job, "parallelism"));
    page.field("Completions", unlessUnset(job, "completions"));
    PodText.addTemplate(page, Tree.map(job, "template"));
    String last = Tree.text(object, "status", "lastScheduleTime");
    page.field("Last Schedule Time", last.isEmpty() ? "<unset>" : Page.time(last));
    List<String> active =
        Tree.list(object, "status", "active").stream().map(ref -> Tree.text(ref, "name")).toList();
    page.field("Active Jobs", active.isEmpty() ? "<none>" : String.join(", ", active));
    return page.events(events).text();
  }

  private static String unlessUnset(Map<String, Object> spec, String field) {
    String text = Tree.text(spec, field);
    return text.isEmpty() ? "<unset>" : text;
  }

  private static String status(Map<String, Object> object, String field) {
    return Long.toString(Tree.number(object, 0, "status", field));
  }

  private static void name(Page page, Map<String, Object> object) {
    page.field("Name", Tree.text(object, "metadata", "name"));
    page.field("Namespace", Tree.text(object, "metadata", "namespace"));
  }

  private static void metadata(Page page, Map<String, Object> object) {
    page.labels("Labels", Tree.map(object, "metadata", "labels"));
    page.annotations("Annotations", Tree.map(object, "metadata", "annotations"));
  }
}
