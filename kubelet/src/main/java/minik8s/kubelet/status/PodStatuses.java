package minik8s.kubelet.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import minik8s.api.Condition;
import minik8s.api.Container;
import minik8s.api.ContainerState;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.api.PodStatus.ContainerStatus;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.ObservedPod;
import org.jspecify.annotations.Nullable;

/**
 * Computes a pod's status from what runs. Pure. Times are whole seconds, as on the wire, so that
 * equal statuses compare equal.
 */
public final class PodStatuses {
  /**
   * Facts that the runtime does not tell.
   *
   * @param waiting why containers wait, by name
   * @param messages what ended containers left as termination message, by container id
   */
  public record Facts(
      String hostIp, Map<String, ContainerState.Waiting> waiting, Map<String, String> messages) {}

  private final Pod pod;
  private final ObservedPod observed;
  private final Facts facts;
  private final Instant now;

  private PodStatuses(Pod pod, ObservedPod observed, Facts facts, Instant now) {
    this.pod = pod;
    this.observed = observed;
    this.facts = facts;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * The status.
   *
   * @param pod with the status as last written
   */
  public static PodStatus of(Pod pod, ObservedPod observed, Facts facts, Instant now) {
    return new PodStatuses(pod, observed, facts, now).status();
  }

  private PodStatus status() {
    List<ContainerStatus> inits = statuses(pod.spec().initContainers(), true);
    boolean initialised = inits.stream().allMatch(PodStatuses::succeeded);
    List<ContainerStatus> apps = statuses(pod.spec().containers(), false);
    if (!initialised && started(apps)) {
      initialised = true;
    }
    String phase = phase(inits, apps, initialised);
    ObservedContainer sandbox = observed.sandbox();
    boolean networked = sandbox != null && sandbox.running();
    String podIp = podIp(sandbox);
    PodStatus old = pod.status();
    boolean sticky = pod.finished();
    return new PodStatus(
        sticky ? old.phase() : phase,
        conditions(phase, inits, apps, initialised, networked),
        sticky ? old.message() : "",
        sticky ? old.reason() : "",
        old.nominatedNodeName(),
        facts.hostIp(),
        List.of(new PodStatus.Ip(facts.hostIp())),
        podIp,
        podIp.isEmpty() ? List.of() : List.of(new PodStatus.Ip(podIp)),
        old.startTime() == null ? now : old.startTime(),
        inits,
        apps,
        Qos.of(pod),
        old.observedGeneration(),
        List.of());
  }

  private String podIp(@Nullable ObservedContainer sandbox) {
    if (pod.spec().hostNetwork()) {
      return facts.hostIp();
    }
    // An ended pod keeps the address that it had.
    return sandbox == null || sandbox.ip().isEmpty() ? pod.status().podIP() : sandbox.ip();
  }

  private static boolean started(List<ContainerStatus> statuses) {
    return statuses.stream().anyMatch(s -> !s.containerID().isEmpty());
  }

  private static boolean succeeded(ContainerStatus status) {
    return status.state() instanceof ContainerState.Terminated end && end.exitCode() == 0;
  }

  private List<ContainerStatus> statuses(List<Container> containers, boolean init) {
    return containers.stream().map(c -> status(c, init)).toList();
  }

  private ContainerStatus status(Container container, boolean init) {
    List<ObservedContainer> runs = observed.runs(container.name());
    if (runs.isEmpty()) {
      return unseen(container, init);
    }
    ObservedContainer latest = runs.getFirst();
    ObservedContainer before = runs.size() > 1 ? runs.get(1) : null;
    ContainerState now = state(latest);
    ContainerState last =
        before != null && before.exited() ? state(before) : lastKnown(container.name(), latest);
    ContainerState.Waiting waiting = facts.waiting().get(container.name());
    if (waiting != null && !latest.running()) {
      last = latest.exited() ? now : last;
      now = waiting;
    }
    boolean running = now instanceof ContainerState.Running;
    boolean completed = init && (latest.state() instanceof State.Exited e) && (e.code() == 0);
    return new ContainerStatus(
        container.name(),
        now,
        last,
        (running && !init) || completed,
        latest.attempt(),
        container.image(),
        imageId(latest.imageId()),
        "docker://" + latest.id(),
        running);
  }

  /** What the last status still tells of the run before, once the runtime has lost it. */
  private @Nullable ContainerState lastKnown(String name, ObservedContainer latest) {
    for (List<ContainerStatus> list :
        List.of(pod.status().containerStatuses(), pod.status().initContainerStatuses())) {
      for (ContainerStatus status : list) {
        if (status.name().equals(name)) {
          boolean same = status.containerID().equals("docker://" + latest.id());
          return same
              ? status.lastState()
              : status.state() instanceof ContainerState.Terminated
                  ? status.state()
                  : status.lastState();
        }
      }
    }
    return null;
  }

  /** A container that the runtime has nothing of. */
  private ContainerStatus unseen(Container container, boolean init) {
    for (ContainerStatus old :
        init ? pod.status().initContainerStatuses() : pod.status().containerStatuses()) {
      if (old.name().equals(container.name()) && !old.containerID().isEmpty()) {
        return lost(old, container);
      }
    }
    ContainerState.Waiting waiting = facts.waiting().get(container.name());
    String reason =
        pod.spec().initContainers().isEmpty() || (init && isFirst(container))
            ? "ContainerCreating"
            : "PodInitializing";
    return new ContainerStatus(
        container.name(),
        waiting != null ? waiting : new ContainerState.Waiting(reason, ""),
        null,
        false,
        0,
        container.image(),
        "",
        "",
        false);
  }

  private boolean isFirst(Container container) {
    return pod.spec().initContainers().getFirst().equals(container);
  }

  /** It was seen once; if it ran then, nobody knows how it ended. */
  private ContainerStatus lost(ContainerStatus old, Container container) {
    ContainerState.Waiting waiting = facts.waiting().get(container.name());
    ContainerState state = waiting != null ? waiting : old.state();
    ContainerState last = old.lastState();
    if (old.state() instanceof ContainerState.Running running) {
      ContainerState end =
          new ContainerState.Terminated(
              137,
              null,
              "ContainerStatusUnknown",
              "The container could not be located when the pod was terminated",
              running.startedAt(),
              now,
              old.containerID());
      state = waiting != null ? waiting : end;
      last = waiting != null ? end : last;
    }
    return new ContainerStatus(
        old.name(),
        state,
        last,
        state instanceof ContainerState.Terminated end && end.exitCode() == 0 && old.ready(),
        old.restartCount(),
        old.image(),
        old.imageID(),
        old.containerID(),
        false);
  }

  private static String imageId(String id) {
    return id.isEmpty() ? "" : "docker://" + id;
  }

  private ContainerState state(ObservedContainer container) {
    return switch (container.state()) {
      case State.Created _ -> new ContainerState.Waiting("ContainerCreating", "");
      case State.Running running -> new ContainerState.Running(seconds(running.startedAt()));
      case State.Exited exited ->
          new ContainerState.Terminated(
              exited.code(),
              null,
              reason(exited),
              exited.error().isEmpty()
                  ? facts.messages().getOrDefault(container.id(), "")
                  : exited.error(),
              seconds(exited.startedAt()),
              seconds(exited.finishedAt()),
              "docker://" + container.id());
    };
  }

  private static String reason(State.Exited exited) {
    if (!exited.error().isEmpty()) {
      return "StartError";
    }
    return exited.oomKilled() ? "OOMKilled" : exited.code() == 0 ? "Completed" : "Error";
  }

  private static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  private String phase(
      List<ContainerStatus> inits, List<ContainerStatus> apps, boolean initialised) {
    String policy = pod.spec().restartPolicy();
    if (!initialised) {
      boolean failed =
          policy.equals("Never")
              && inits.stream()
                  .anyMatch(s ->
                      s.state() instanceof ContainerState.Terminated end && end.exitCode() != 0);
      return failed ? "Failed" : "Pending";
    }
    int waiting = 0;
    int running = 0;
    int stopped = 0;
    int failed = 0;
    for (ContainerStatus status : apps) {
      switch (status.state()) {
        case ContainerState.Running _ -> running++;
        case ContainerState.Terminated end -> {
          stopped++;
          failed += end.exitCode() == 0 ? 0 : 1;
        }
        case ContainerState.Waiting _ -> {
          if (status.lastState() == null) {
            waiting++;
          } else {
            stopped++;
            failed++;
          }
        }
      }
    }
    if (waiting > 0 && !(stopped > 0 && pod.metadata().deleting())) {
      return "Pending";
    }
    if (running > 0) {
      return "Running";
    }
    return ended(policy, stopped, failed);
  }

  private String ended(String policy, int stopped, int failed) {
    boolean ending = pod.metadata().deleting();
    if (stopped == 0) {
      return "Pending";
    }
    return switch (policy) {
      case "Always" -> ending ? (failed > 0 ? "Failed" : "Succeeded") : "Running";
      case "OnFailure" -> failed == 0 ? "Succeeded" : ending ? "Failed" : "Running";
      default -> failed == 0 ? "Succeeded" : "Failed";
    };
  }

  private List<Condition> conditions(
      String phase,
      List<ContainerStatus> inits,
      List<ContainerStatus> apps,
      boolean initialised,
      boolean networked) {
    List<Condition> all = pod.status().conditions();
    String unready = names(apps);
    String message = unready.isEmpty() ? "" : "containers with unready status: [" + unready + "]";
    boolean ready = unready.isEmpty() && initialised && phase.equals("Running");
    String why =
        ready
            ? ""
            : phase.equals("Succeeded")
                ? "PodCompleted"
                : phase.equals("Failed") ? "PodFailed" : "ContainersNotReady";
    String text = phase.equals("Succeeded") || phase.equals("Failed") ? "" : message;
    all = set(all, "PodReadyToStartContainers", networked, "", "");
    all =
        set(
            all,
            "Initialized",
            initialised,
            initialised
                ? (phase.equals("Succeeded") ? "PodCompleted" : "")
                : "ContainersNotInitialized",
            initialised ? "" : "containers with incomplete status: [" + names(inits) + "]");
    all = set(all, "Ready", ready, why, text);
    all = set(all, "ContainersReady", ready, why, text);
    return Condition.find(all, "PodScheduled") == null
        ? set(all, "PodScheduled", true, "", "")
        : all;
  }

  private static String names(List<ContainerStatus> statuses) {
    return statuses.stream()
        .filter(s -> !s.ready())
        .map(ContainerStatus::name)
        .collect(Collectors.joining(" "));
  }

  private List<Condition> set(
      List<Condition> all, String type, boolean status, String reason, String message) {
    return Condition.set(all, Condition.of(type, status, reason, message, now));
  }
}
