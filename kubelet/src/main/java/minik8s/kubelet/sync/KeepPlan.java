package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.kubelet.probe.Health;
import minik8s.kubelet.runtime.ContainerHash;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.PodRef;
import org.jspecify.annotations.Nullable;

/** How one container of a pod is kept as its spec, its restart policy and its probes say. Pure. */
final class KeepPlan {
  private final Draft draft;
  private final PodView view;
  private final Pod pod;
  private final StopPlan stop;
  private final ObservedContainer sandbox;
  private final Duration grace;

  /**
   * @param grace the pod's
   */
  KeepPlan(Draft draft, StopPlan stop, ObservedContainer sandbox, Duration grace) {
    this.draft = draft;
    this.view = draft.view;
    this.pod = view.pod();
    this.stop = stop;
    this.sandbox = sandbox;
    this.grace = grace;
  }

  /** Keeps it; true when it runs and has started. */
  boolean keep(Container container) {
    ObservedContainer latest = view.observed().latest(container.name());
    if (latest == null) {
      start(container, Outcome.attemptAfter(pod, container.name()), null);
      return false;
    }
    return switch (latest.state()) {
      case State.Created _ -> {
        if (latest.sandboxId().equals(sandbox.id())) {
          start(container, latest.attempt(), null);
        } else {
          draft.add(new PodAction.Remove(latest));
        }
        yield false;
      }
      case State.Running _ -> run(container, latest);
      case State.Exited exited -> {
        if (Outcome.restarts(pod, container, latest, exited, sandbox.id())) {
          restart(container, latest, exited);
        }
        yield false;
      }
    };
  }

  /** Whether an app container's postStart hook, begun or about to, holds up those after it. */
  boolean holds(Container container) {
    if (container.lifecycle() == null || container.lifecycle().postStart() == null) {
      return false;
    }
    ObservedContainer latest = view.observed().latest(container.name());
    return (latest != null && latest.running() && view.health(latest).starting())
        || draft.actions.stream()
            .anyMatch(a ->
                a instanceof PodAction.StartContainer start && start.container().equals(container));
  }

  /** An ephemeral container is started once, whatever becomes of it. */
  void startOnce(Container container) {
    ObservedContainer latest = view.observed().latest(container.name());
    boolean fresh = latest == null && Outcome.attemptAfter(pod, container.name()) == 0;
    if (fresh || (latest != null && latest.state() instanceof State.Created)) {
      start(container, 0, null);
    }
  }

  private boolean run(Container container, ObservedContainer running) {
    if (!running.hash().equals(ContainerHash.of(container))) {
      stop.one(
          running,
          grace,
          "Container " + container.name() + " definition changed, will be restarted");
      return false;
    }
    Health health = view.health(running);
    Health.Doom doom = health.doom();
    if (doom != null) {
      Duration left = doom.graceSeconds() == null ? grace : Duration.ofSeconds(doom.graceSeconds());
      stop.one(running, left, text(container, doom));
      return false;
    }
    if (view.memory().endings().containsKey(running.id())) {
      // Its end was begun for a reason that is past; an end is never taken back.
      stop.one(running, grace, "Stopping container " + container.name());
      return false;
    }
    return health.started();
  }

  private String text(Container container, Health.Doom doom) {
    if (doom.hook()) {
      return doom.why();
    }
    String text = "Container " + container.name() + " " + doom.why();
    return Outcome.policy(pod, container).equals("Never") ? text : text + ", will be restarted";
  }

  private void restart(Container container, ObservedContainer latest, State.Exited exited) {
    RestartPause pause = view.memory().pauses().get(container.name());
    Instant allowed = RestartPause.allowedAt(pause, exited.finishedAt());
    if (view.now().isBefore(allowed) && pause != null) {
      String message =
          "back-off "
              + GoDuration.text(pause.delay())
              + " restarting failed container="
              + container.name()
              + " pod="
              + PodRef.of(pod);
      draft.crashing.put(container.name(), new Trouble("CrashLoopBackOff", message, allowed, 0));
      if (!view.memory().crashing().containsKey(container.name())) {
        draft.add(new PodAction.ReportBackOff(container, pause.delay()));
      }
      draft.wakeAt(allowed);
      return;
    }
    start(
        container, latest.attempt() + 1, RestartPause.next(pause, exited.finishedAt(), view.now()));
  }

  private void start(Container container, int attempt, @Nullable RestartPause pause) {
    Trouble trouble = view.memory().troubles().get(container.name());
    if (trouble != null && view.now().isBefore(trouble.retryAt())) {
      draft.wakeAt(trouble.retryAt());
      return;
    }
    switch (view.images().getOrDefault(container.name(), new ImageState.Needed())) {
      case ImageState.Ready _ ->
          draft.add(new PodAction.StartContainer(container, attempt, sandbox, pause));
      case ImageState.Needed _ -> draft.add(new PodAction.PullImage(container));
      case ImageState.Pulling _ -> {}
      case ImageState.Unavailable unavailable -> draft.wakeAt(unavailable.trouble().retryAt());
    }
  }
}
