package minik8s.kubelet.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Container;
import minik8s.api.ContainerState;
import minik8s.api.Pod;
import minik8s.api.PodStatus.ContainerStatus;
import minik8s.kubelet.probe.Health;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.ObservedPod;
import org.jspecify.annotations.Nullable;

/** The statuses of a pod's containers from what runs. Pure; confined to one computation. */
final class ContainerStatuses {
  private final Pod pod;
  private final ObservedPod observed;
  private final PodStatuses.Facts facts;
  private final Instant now;

  /**
   * @param now in whole seconds
   */
  ContainerStatuses(Pod pod, ObservedPod observed, PodStatuses.Facts facts, Instant now) {
    this.pod = pod;
    this.observed = observed;
    this.facts = facts;
    this.now = now;
  }

  /** One status for each container, in the order of the spec. */
  List<ContainerStatus> of(List<Container> containers) {
    return containers.stream().map(this::of).toList();
  }

  private ContainerStatus of(Container container) {
    List<ObservedContainer> runs = observed.runs(container.name());
    if (runs.isEmpty()) {
      return unseen(container);
    }
    ObservedContainer latest = runs.getFirst();
    ObservedContainer before = runs.size() > 1 ? runs.get(1) : null;
    ContainerState now = state(container, latest);
    ContainerState last =
        before != null && before.exited()
            ? state(container, before)
            : lastKnown(container.name(), latest);
    ContainerState.Waiting waiting = facts.waiting().get(container.name());
    if (waiting != null && !latest.running()) {
      last = latest.exited() ? now : last;
      now = waiting;
    }
    boolean running = now instanceof ContainerState.Running;
    Health health = health(latest);
    return new ContainerStatus(
        container.name(),
        now,
        last,
        runsToItsEnd(container)
            ? latest.state() instanceof State.Exited end && end.code() == 0
            : running && health.ready(),
        latest.attempt(),
        container.image(),
        imageId(latest.imageId()),
        "docker://" + latest.id(),
        running && health.started());
  }

  private Health health(ObservedContainer container) {
    return facts.health().getOrDefault(container.id(), Health.GOOD);
  }

  /** Whether it is an init container that others wait for the end of. */
  private boolean runsToItsEnd(Container container) {
    return pod.spec().initContainers().contains(container) && !container.sidecar();
  }

  /** What the last status still tells of the run before, once the runtime has lost it. */
  private @Nullable ContainerState lastKnown(String name, ObservedContainer latest) {
    ContainerStatus status = lastWritten(name);
    if (status == null) {
      return null;
    }
    boolean same = status.containerID().equals("docker://" + latest.id());
    return !same && status.state() instanceof ContainerState.Terminated
        ? status.state()
        : status.lastState();
  }

  private @Nullable ContainerStatus lastWritten(String name) {
    List<ContainerStatus> all = new ArrayList<>(pod.status().containerStatuses());
    all.addAll(pod.status().initContainerStatuses());
    all.addAll(pod.status().ephemeralContainerStatuses());
    for (ContainerStatus status : all) {
      if (status.name().equals(name)) {
        return status;
      }
    }
    return null;
  }

  /** A container that the runtime has nothing of. */
  private ContainerStatus unseen(Container container) {
    ContainerStatus old = lastWritten(container.name());
    if (old != null && !old.containerID().isEmpty()) {
      return lost(old, container);
    }
    ContainerState.Waiting waiting = facts.waiting().get(container.name());
    return new ContainerStatus(
        container.name(),
        waiting != null ? waiting : creating(container),
        null,
        false,
        0,
        container.image(),
        "",
        "",
        false);
  }

  private ContainerState.Waiting creating(Container container) {
    List<Container> inits = pod.spec().initContainers();
    boolean first = !inits.isEmpty() && inits.getFirst().equals(container);
    boolean next = inits.isEmpty() || first || pod.spec().ephemeralContainers().contains(container);
    return new ContainerState.Waiting(next ? "ContainerCreating" : "PodInitializing", "");
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

  private ContainerState state(Container spec, ObservedContainer container) {
    return switch (container.state()) {
      case State.Created _ -> new ContainerState.Waiting("ContainerCreating", "");
      case State.Running running ->
          health(container).starting()
              ? creating(spec)
              : new ContainerState.Running(seconds(running.startedAt()));
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
}
