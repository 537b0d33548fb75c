package minik8s.kubectl.describe;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.Age;
import org.jspecify.annotations.Nullable;

/** Pods and pod templates. Stateless. */
public final class PodText {
  private PodText() {}

  /** A pod with its events; null events are left out. */
  public static String of(
      Map<String, Object> pod, @Nullable List<Object> events, InstantSource clock) {
    Page page = new Page(clock);
    head(page, pod);
    status(page, pod);
    List<Object> initial = Tree.list(pod, "spec", "initContainers");
    if (!initial.isEmpty()) {
      List<Object> statuses = Tree.list(pod, "status", "initContainerStatuses");
      ContainersText.add(page, "Init Containers", initial, statuses, pod, "");
    }
    List<Object> containers = Tree.list(pod, "spec", "containers");
    List<Object> statuses = Tree.list(pod, "status", "containerStatuses");
    ContainersText.add(page, "Containers", containers, statuses, pod, "");
    page.conditions(pod, false);
    VolumesText.add(page, Tree.list(pod, "spec", "volumes"), "");
    page.field("QoS Class", qualityOfService(pod));
    page.labels("Node-Selectors", Tree.map(pod, "spec", "nodeSelector"));
    tolerations(page, "Tolerations", Tree.list(pod, "spec", "tolerations"));
    return page.events(events).text();
  }

  private static void head(Page page, Map<String, Object> pod) {
    page.field("Name", Tree.text(pod, "metadata", "name"));
    page.field("Namespace", Tree.text(pod, "metadata", "namespace"));
    page.optional("Priority", Tree.text(pod, "spec", "priority"));
    page.optional("Priority Class Name", Tree.text(pod, "spec", "priorityClassName"));
    page.optional("Runtime Class Name", Tree.text(pod, "spec", "runtimeClassName"));
    page.optional("Service Account", Tree.text(pod, "spec", "serviceAccountName"));
    String node = Tree.text(pod, "spec", "nodeName");
    page.field("Node", node.isEmpty() ? "<none>" : node + "/" + Tree.text(pod, "status", "hostIP"));
    String start = Tree.text(pod, "status", "startTime");
    page.optional("Start Time", start.isEmpty() ? "" : Page.time(start));
    page.labels("Labels", Tree.map(pod, "metadata", "labels"));
    page.annotations("Annotations", Tree.map(pod, "metadata", "annotations"));
  }

  private static void status(Page page, Map<String, Object> pod) {
    String phase = Tree.text(pod, "status", "phase");
    String deleted = Tree.text(pod, "metadata", "deletionTimestamp");
    if (deleted.isEmpty() || phase.equals("Failed") || phase.equals("Succeeded")) {
      page.field("Status", phase);
    } else {
      page.field("Status", "Terminating (lasts " + Age.since(deleted, page.clock()) + ")");
      page.field(
          "Termination Grace Period",
          Tree.number(pod, 30, "metadata", "deletionGracePeriodSeconds") + "s");
    }
    page.optional("Reason", Tree.text(pod, "status", "reason"));
    page.optional("Message", Tree.text(pod, "status", "message"));
    page.optional(
        "SeccompProfile", Tree.text(pod, "spec", "securityContext", "seccompProfile", "type"));
    page.field("IP", Tree.text(pod, "status", "podIP"));
    List<Object> addresses = Tree.list(pod, "status", "podIPs");
    page.line(0, "IPs:" + (addresses.isEmpty() ? "\t<none>" : ""));
    for (Object address : addresses) {
      page.line(1, "IP:\t" + Tree.text(address, "ip"));
    }
    page.optional("Controlled By", Page.controller(pod));
    page.optional("NominatedNodeName", Tree.text(pod, "status", "nominatedNodeName"));
  }

  private static String qualityOfService(Map<String, Object> pod) {
    String told = Tree.text(pod, "status", "qosClass");
    if (!told.isEmpty()) {
      return told;
    }
    boolean any = false;
    boolean guaranteed = true;
    List<Object> all = new ArrayList<>(Tree.list(pod, "spec", "containers"));
    all.addAll(Tree.list(pod, "spec", "initContainers"));
    for (Object container : all) {
      Map<String, Object> limits = Tree.map(container, "resources", "limits");
      Map<String, Object> requests = Tree.map(container, "resources", "requests");
      any |= !limits.isEmpty() || !requests.isEmpty();
      for (String name : List.of("cpu", "memory")) {
        Object limit = limits.get(name);
        guaranteed &= limit != null && limit.equals(requests.getOrDefault(name, limit));
      }
    }
    return any ? guaranteed ? "Guaranteed" : "Burstable" : "BestEffort";
  }

  /** A pod template, for {@code rollout history}, which leaves its tabs as they are. */
  public static String template(Map<String, Object> template, InstantSource clock) {
    Page page = new Page(clock);
    addTemplate(page, template);
    return page.unaligned();
  }

  static void addTemplate(Page page, Map<String, Object> template) {
    page.line(0, "Pod Template:");
    page.labels("  Labels", Tree.map(template, "metadata", "labels"));
    Map<String, Object> annotations = Tree.map(template, "metadata", "annotations");
    if (!annotations.isEmpty()) {
      page.annotations("  Annotations", annotations);
    }
    String account = Tree.text(template, "spec", "serviceAccountName");
    if (!account.isEmpty()) {
      page.line(1, "Service Account:\t" + account);
    }
    List<Object> initial = Tree.list(template, "spec", "initContainers");
    if (!initial.isEmpty()) {
      ContainersText.add(page, "Init Containers", initial, List.of(), null, "  ");
    }
    ContainersText.add(
        page, "Containers", Tree.list(template, "spec", "containers"), List.of(), null, "  ");
    VolumesText.add(page, Tree.list(template, "spec", "volumes"), "  ");
    String priority = Tree.text(template, "spec", "priorityClassName");
    if (!priority.isEmpty()) {
      page.line(1, "Priority Class Name:\t" + priority);
    }
    page.labels("  Node-Selectors", Tree.map(template, "spec", "nodeSelector"));
    tolerations(page, "  Tolerations", Tree.list(template, "spec", "tolerations"));
  }

  private static void tolerations(Page page, String title, List<Object> tolerations) {
    if (tolerations.isEmpty()) {
      page.field(title, "<none>");
      return;
    }
    List<Object> sorted = new ArrayList<>(tolerations);
    sorted.sort((a, b) -> Tree.text(a, "key").compareTo(Tree.text(b, "key")));
    String lead = title + ":";
    for (Object toleration : sorted) {
      page.line(0, lead + "\t" + toleration(toleration));
      lead = "";
    }
  }

  private static String toleration(Object toleration) {
    String value = Tree.text(toleration, "value");
    String effect = Tree.text(toleration, "effect");
    StringBuilder out = new StringBuilder(Tree.text(toleration, "key"));
    out.append(value.isEmpty() ? "" : "=" + value).append(effect.isEmpty() ? "" : ":" + effect);
    if (Tree.text(toleration, "operator").equals("Exists") && value.isEmpty()) {
      out.append(out.isEmpty() ? "op=Exists" : " op=Exists");
    }
    String seconds = Tree.text(toleration, "tolerationSeconds");
    return out.append(seconds.isEmpty() ? "" : " for " + seconds + "s").toString();
  }
}
