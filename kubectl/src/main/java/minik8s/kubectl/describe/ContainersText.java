package minik8s.kubectl.describe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.GoText;
import org.jspecify.annotations.Nullable;

/** The containers of a pod or of a template. Stateless. */
final class ContainersText {
  private ContainersText() {}

  /**
   * Adds containers to a page.
   *
   * @param statuses their statuses; empty for a template
   * @param pod the pod, to resolve downward values; null for a template
   * @param space put before the title of a template
   */
  static void add(
      Page page,
      String label,
      List<Object> containers,
      List<Object> statuses,
      @Nullable Object pod,
      String space) {
    page.line(0, space + label + ":" + (containers.isEmpty() ? "\t<none>" : ""));
    for (Object container : containers) {
      Object status = status(statuses, Tree.text(container, "name"));
      basics(page, container, status, space);
      words(page, "Command", Tree.list(container, "command"));
      words(page, "Args", Tree.list(container, "args"));
      if (status != null) {
        state(page, "State", Tree.map(status, "state"));
        if (Tree.at(status, "lastState", "terminated") != null) {
          state(page, "Last State", Tree.map(status, "lastState"));
        }
        page.line(2, "Ready:\t" + (Tree.flag(status, "ready") ? "True" : "False"));
        page.line(2, "Restart Count:\t" + Tree.number(status, 0, "restartCount"));
      }
      resources(page, "Limits", Tree.map(container, "resources", "limits"));
      resources(page, "Requests", Tree.map(container, "resources", "requests"));
      probe(page, "Liveness", Tree.map(container, "livenessProbe"));
      probe(page, "Readiness", Tree.map(container, "readinessProbe"));
      probe(page, "Startup", Tree.map(container, "startupProbe"));
      EnvironmentText.add(page, container, pod);
      mounts(page, container);
    }
  }

  private static @Nullable Object status(List<Object> statuses, String name) {
    for (Object status : statuses) {
      if (Tree.text(status, "name").equals(name)) {
        return status;
      }
    }
    return null;
  }

  private static void basics(Page page, Object container, @Nullable Object status, String space) {
    page.line(1, (space.isEmpty() ? "" : " ") + Tree.text(container, "name") + ":");
    if (status != null) {
      page.line(2, "Container ID:\t" + Tree.text(status, "containerID"));
    }
    page.line(2, "Image:\t" + Tree.text(container, "image"));
    if (status != null) {
      page.line(2, "Image ID:\t" + Tree.text(status, "imageID"));
    }
    ports(page, "Port", container, "containerPort");
    ports(page, "Host Port", container, "hostPort");
  }

  private static void ports(Page page, String title, Object container, String field) {
    List<String> out = new ArrayList<>();
    for (Object port : Tree.list(container, "ports")) {
      String protocol = Tree.text(port, "protocol");
      String text = Tree.number(port, 0, field) + "/" + (protocol.isEmpty() ? "TCP" : protocol);
      out.add(text);
    }
    String text = out.isEmpty() ? "<none>" : String.join(", ", out);
    page.line(2, title + (out.size() > 1 ? "s" : "") + ":\t" + text);
  }

  private static void words(Page page, String title, List<Object> words) {
    if (words.isEmpty()) {
      return;
    }
    page.line(2, title + ":");
    for (Object word : words) {
      for (String line : Tree.scalar(word).split("\n", -1)) {
        page.line(3, line);
      }
    }
  }

  private static void state(Page page, String title, Map<String, Object> state) {
    if (state.containsKey("running")) {
      page.line(2, title + ":\tRunning");
      page.line(3, "Started:\t" + Page.time(Tree.text(state, "running", "startedAt")));
    } else if (state.containsKey("waiting")) {
      page.line(2, title + ":\tWaiting");
      String reason = Tree.text(state, "waiting", "reason");
      if (!reason.isEmpty()) {
        page.line(3, "Reason:\t" + reason);
      }
    } else if (state.containsKey("terminated")) {
      terminated(page, title, Tree.map(state, "terminated"));
    } else {
      page.line(2, title + ":\tWaiting");
    }
  }

  private static void terminated(Page page, String title, Map<String, Object> state) {
    page.line(2, title + ":\tTerminated");
    String reason = Tree.text(state, "reason");
    if (!reason.isEmpty()) {
      page.line(3, "Reason:\t" + reason);
    }
    String message = Tree.text(state, "message");
    if (!message.isEmpty()) {
      page.line(3, "Message:\t" + message);
    }
    page.line(3, "Exit Code:\t" + Tree.number(state, 0, "exitCode"));
    long signal = Tree.number(state, 0, "signal");
    if (signal > 0) {
      page.line(3, "Signal:\t" + signal);
    }
    page.line(3, "Started:\t" + Page.time(Tree.text(state, "startedAt")));
    page.line(3, "Finished:\t" + Page.time(Tree.text(state, "finishedAt")));
  }

  private static void resources(Page page, String title, Map<String, Object> resources) {
    if (resources.isEmpty()) {
      return;
    }
    page.line(2, title + ":");
    new TreeMap<>(resources)
        .forEach((name, value) -> page.line(3, name + ":\t" + Tree.scalar(value)));
  }

  private static void probe(Page page, String title, Map<String, Object> probe) {
    if (probe.isEmpty()) {
      return;
    }
    String times =
        "delay="
            + Tree.number(probe, 0, "initialDelaySeconds")
            + "s timeout="
            + Tree.number(probe, 0, "timeoutSeconds")
            + "s period="
            + Tree.number(probe, 0, "periodSeconds")
            + "s #success="
            + Tree.number(probe, 0, "successThreshold")
            + " #failure="
            + Tree.number(probe, 0, "failureThreshold");
    page.line(2, title + ":\t" + action(probe) + " " + times);
  }

  private static String action(Map<String, Object> probe) {
    if (probe.containsKey("exec")) {
      return "exec " + GoText.of(Tree.list(probe, "exec", "command"));
    }
    if (probe.containsKey("httpGet")) {
      String scheme = Tree.text(probe, "httpGet", "scheme").toLowerCase(Locale.ROOT);
      return "http-get "
          + scheme
          + "://"
          + Tree.text(probe, "httpGet", "host")
          + ":"
          + Tree.text(probe, "httpGet", "port")
          + Tree.text(probe, "httpGet", "path");
    }
    if (probe.containsKey("tcpSocket")) {
      return "tcp-socket "
          + Tree.text(probe, "tcpSocket", "host")
          + ":"
          + Tree.text(probe, "tcpSocket", "port");
    }
    return probe.containsKey("grpc")
        ? "grpc <pod>:"
            + Tree.text(probe, "grpc", "port")
            + " "
            + Tree.text(probe, "grpc", "service")
        : "unknown";
  }

  private static void mounts(Page page, Object container) {
    List<Object> mounts = new ArrayList<>(Tree.list(container, "volumeMounts"));
    page.line(2, "Mounts:" + (mounts.isEmpty() ? "\t<none>" : ""));
    mounts.sort((a, b) -> Tree.text(a, "mountPath").compareTo(Tree.text(b, "mountPath")));
    for (Object mount : mounts) {
      String sub = Tree.text(mount, "subPath");
      page.line(
          3,
          Tree.text(mount, "mountPath")
              + " from "
              + Tree.text(mount, "name")
              + " ("
              + (Tree.flag(mount, "readOnly") ? "ro" : "rw")
              + (sub.isEmpty() ? "" : ",path=\"" + sub + "\"")
              + ")");
    }
  }
}
