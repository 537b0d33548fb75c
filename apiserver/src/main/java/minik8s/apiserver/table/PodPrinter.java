package minik8s.apiserver.table;

import static minik8s.apiserver.table.Texts.number;
import static minik8s.apiserver.table.Texts.text;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Pods as rows. Stateless. Source: {@code printPod} in Kubernetes' {@code pkg/printers}. */
final class PodPrinter implements Printer {
  private static final List<Column> COLUMNS =
      Column.named(
          "Ready",
          "Status",
          "Restarts",
          "Age",
          "IP*",
          "Node*",
          "Nominated Node*",
          "Readiness Gates*");

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void print(JsonNode pod, Row row, Instant now) {
    Summary summary = new Summary(pod);
    JsonNode status = pod.path("status");
    row.text(Texts.name(pod)).text(summary.ready + "/" + summary.total).text(summary.reason);
    row.text(summary.restartsText(now)).text(Texts.age(pod, now));
    row.orNone(podIp(status));
    row.orNone(text(pod.path("spec"), "nodeName"));
    row.orNone(text(status, "nominatedNodeName")).text(gates(pod));
  }

  private static String podIp(JsonNode status) {
    String first = text(status.path("podIPs").path(0), "ip");
    return first.isEmpty() ? text(status, "podIP") : first;
  }

  private static String gates(JsonNode pod) {
    JsonNode gates = pod.path("spec").path("readinessGates");
    if (gates.isEmpty()) {
      return Texts.NONE;
    }
    int met = 0;
    for (JsonNode gate : gates) {
      met +=
          Texts.condition(pod.path("status").path("conditions"), text(gate, "conditionType"))
              ? 1
              : 0;
    }
    return met + "/" + gates.size();
  }

  @Override
  public void conditions(JsonNode pod, ArrayNode conditions) {
    String phase = text(pod.path("status"), "phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      conditions
          .addObject()
          .put("type", "Completed")
          .put("status", "True")
          .put("reason", phase)
          .put(
              "message",
              phase.equals("Failed") ? "The pod failed." : "The pod has completed successfully.");
    }
  }

  /** What the containers of a pod come to in one line. Confined to one call. */
  private static final class Summary {
    private final JsonNode pod;
    private final JsonNode status;
    private final Set<String> sidecars = new HashSet<>();
    private String reason;
    private int total;
    private int ready;
    private long restarts;
    private @Nullable Instant lastRestart;

    Summary(JsonNode pod) {
      this.pod = pod;
      this.status = pod.path("status");
      this.total = pod.path("spec").path("containers").size();
      String explained = text(status, "reason");
      this.reason = explained.isEmpty() ? text(status, "phase") : explained;
      for (JsonNode condition : status.path("conditions")) {
        if (text(condition, "type").equals("PodScheduled")
            && text(condition, "reason").equals("SchedulingGated")) {
          reason = "SchedulingGated";
        }
      }
      for (JsonNode init : pod.path("spec").path("initContainers")) {
        if (text(init, "restartPolicy").equals("Always")) {
          sidecars.add(text(init, "name"));
          total++;
        }
      }
      boolean initializing = initContainers();
      if (!initializing || Texts.condition(status.path("conditions"), "Initialized")) {
        containers();
      }
      deletion();
    }

    /** Whether the init containers are not done. */
    private boolean initContainers() {
      int index = 0;
      for (JsonNode container : status.path("initContainerStatuses")) {
        count(container);
        JsonNode state = container.path("state");
        JsonNode terminated = state.path("terminated");
        boolean sidecar = sidecars.contains(text(container, "name"));
        if (terminated.isObject() && number(terminated, "exitCode") == 0) {
          index++;
          continue;
        }
        if (sidecar && container.path("started").asBoolean(false)) {
          ready += container.path("ready").asBoolean(false) ? 1 : 0;
          index++;
          continue;
        }
        String waiting = text(state.path("waiting"), "reason");
        if (terminated.isObject()) {
          reason = "Init:" + ending(terminated);
        } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
          reason = "Init:" + waiting;
        } else {
          reason = "Init:" + index + "/" + pod.path("spec").path("initContainers").size();
        }
        return true;
      }
      return false;
    }

    private void containers() {
      restarts = 0;
      lastRestart = null;
      for (JsonNode container : status.path("initContainerStatuses")) {
        if (sidecars.contains(text(container, "name"))) {
          count(container);
        }
      }
      boolean running = false;
      JsonNode containers = status.path("containerStatuses");
      for (int i = containers.size() - 1; i >= 0; i--) {
        JsonNode container = containers.get(i);
        count(container);
        JsonNode state = container.path("state");
        String waiting = text(state.path("waiting"), "reason");
        if (!waiting.isEmpty()) {
          reason = waiting;
        } else if (state.path("terminated").isObject()) {
          reason = ending(state.path("terminated"));
        } else if (container.path("ready").asBoolean(false) && state.path("running").isObject()) {
          running = true;
          ready++;
        }
      }
      if (reason.equals("Completed") && running) {
        reason = Texts.condition(status.path("conditions"), "Ready") ? "Running" : "NotReady";
      }
    }

    private static String ending(JsonNode terminated) {
      String reason = text(terminated, "reason");
      if (!reason.isEmpty()) {
        return reason;
      }
      long signal = number(terminated, "signal");
      return signal != 0 ? "Signal:" + signal : "ExitCode:" + number(terminated, "exitCode");
    }

    private void count(JsonNode container) {
      restarts += number(container, "restartCount");
      Instant ended = Texts.instant(container.path("lastState").path("terminated"), "finishedAt");
      if (ended != null && (lastRestart == null || ended.isAfter(lastRestart))) {
        lastRestart = ended;
      }
    }

    private void deletion() {
      if (!Texts.deleting(pod)) {
        return;
      }
      String phase = text(status, "phase");
      if (text(status, "reason").equals("NodeLost")) {
        reason = "Unknown";
      } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
        reason = "Terminating";
      }
    }

    String restartsText(Instant now) {
      return restarts == 0 || lastRestart == null
          ? Long.toString(restarts)
          : restarts + " (" + Texts.human(Duration.between(lastRestart, now)) + " ago)";
    }
  }
}
