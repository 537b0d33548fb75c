package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.kubelet.runtime.ContainerHash;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.PodRef;
import org.jspecify.annotations.Nullable;

/**
 * What to do next for one pod: spec, observation and time in, actions out. Pure; a plan is used
 * once.
 *
 * <p>Every action is one step. The caller looks again after performing them, so the plan never
 * counts on what its own actions will have changed.
 */
public final class PodPlan {
  /** The actions, when to look again at the latest, and the back-offs that are waited for. */
  public record Decision(
      List<PodAction> actions, @Nullable Instant wake, Map<String, Trouble> crashing) {
    public Decision {
      actions = List.copyOf(actions);
      crashing = Map.copyOf(crashing);
    }
  }

  private final PodView view;
  private final Pod pod;
  private final List<PodAction> actions = new ArrayList<>();
  private final Map<String, Trouble> crashing = new HashMap<>();
  private @Nullable Instant wake;

  private PodPlan(PodView view) {
    this.view = view;
    this.pod = view.pod();
  }

  /** Decides. */
  public static Decision decide(PodView view) {
    PodPlan plan = new PodPlan(view);
    plan.plan();
    return new Decision(plan.actions, plan.wake, plan.crashing);
  }

  private void plan() {
    if (view.ending()) {
      end(grace());
    } else if (pod.finished() || Outcome.of(pod, view.observed()).ended()) {
      rest();
    } else {
      run();
    }
  }

  private Duration grace() {
    Long asked = pod.metadata().deletionGracePeriodSeconds();
    return Duration.ofSeconds(asked == null ? pod.spec().gracePeriodSeconds() : asked);
  }

  /** Ends everything, says the last word, and tidies up. */
  private void end(Duration grace) {
    boolean running = false;
    for (ObservedContainer container : view.observed().containers()) {
      if (container.running()) {
        running = true;
        terminate(container, grace, "Stopping container " + container.name());
      }
    }
    if (running) {
      return;
    }
    // The last word needs no more than that nothing runs; ended containers are removed after it.
    view.observed().sandboxes().forEach(s -> actions.add(new PodAction.Remove(s)));
    if (actions.isEmpty() && !view.absent()) {
      actions.add(new PodAction.SayLastWord());
    } else if (actions.isEmpty()) {
      view.observed().containers().forEach(c -> actions.add(new PodAction.Remove(c)));
      if (actions.isEmpty()) {
        actions.add(new PodAction.Forget());
      }
    }
  }

  /** A pod that has ended keeps its containers for their logs, but no sandbox. */
  private void rest() {
    boolean running = false;
    for (ObservedContainer container : view.observed().containers()) {
      if (container.running()) {
        running = true;
        terminate(container, grace(), "Stopping container " + container.name());
      }
    }
    if (!running) {
      view.observed().sandboxes().forEach(s -> actions.add(new PodAction.Remove(s)));
    }
  }

  private void terminate(ObservedContainer container, Duration grace, String why) {
    Instant deadline = view.memory().deadlines().get(container.id());
    if (deadline == null) {
      actions.add(new PodAction.Terminate(container, grace, why));
    } else if (!view.now().isBefore(deadline)) {
      actions.add(new PodAction.Kill(container));
    } else {
      wakeAt(deadline);
    }
  }

  private void run() {
    ObservedContainer sandbox = view.observed().sandbox();
    if (sandbox == null || !sandbox.running()) {
      replaceSandbox(sandbox);
      return;
    }
    for (ObservedContainer old : view.observed().sandboxes()) {
      if (!old.id().equals(sandbox.id())) {
        actions.add(new PodAction.Remove(old));
      }
    }
    removeOldRuns();
    if (initialise(sandbox)) {
      pod.spec().containers().forEach(container -> keep(container, sandbox));
    }
  }

  /** Containers of a dead sandbox have lost their network: they end before a new one starts. */
  private void replaceSandbox(@Nullable ObservedContainer dead) {
    boolean running = false;
    for (ObservedContainer container : view.observed().containers()) {
      if (container.running()) {
        running = true;
        terminate(container, grace(), "Pod sandbox changed, it will be killed and re-created.");
      }
    }
    if (running) {
      return;
    }
    Trouble trouble = view.memory().troubles().get(ObservedContainer.SANDBOX);
    if (trouble != null && view.now().isBefore(trouble.retryAt())) {
      wakeAt(trouble.retryAt());
      return;
    }
    pullAhead();
    if (dead != null && dead.state() instanceof State.Created) {
      actions.add(new PodAction.StartSandbox(dead.attempt()));
      return;
    }
    view.observed().sandboxes().forEach(s -> actions.add(new PodAction.Remove(s)));
    actions.add(new PodAction.StartSandbox(dead == null ? 0 : dead.attempt() + 1));
  }

  /** Pulls start while the sandbox starts. */
  private void pullAhead() {
    Container first =
        pod.spec().initContainers().isEmpty() ? null : pod.spec().initContainers().getFirst();
    for (Container container : first == null ? pod.spec().containers() : List.of(first)) {
      if (view.images().get(container.name()) instanceof ImageState.Needed) {
        actions.add(new PodAction.PullImage(container));
      }
    }
  }

  /** The newest run and the one before it stay, for {@code logs --previous}. */
  private void removeOldRuns() {
    List<Container> all = new ArrayList<>(pod.spec().initContainers());
    all.addAll(pod.spec().containers());
    for (Container container : all) {
      view.observed().runs(container.name()).stream()
          .skip(2)
          .filter(ObservedContainer::exited)
          .forEach(old -> actions.add(new PodAction.Remove(old)));
    }
  }

  /** Runs init containers one after the other; true when all have done their work. */
  private boolean initialise(ObservedContainer sandbox) {
    boolean started =
        pod.spec().containers().stream()
            .map(c -> view.observed().latest(c.name()))
            .anyMatch(c -> c != null && c.sandboxId().equals(sandbox.id()));
    if (started) {
      return true;
    }
    for (Container container : pod.spec().initContainers()) {
      ObservedContainer latest = view.observed().latest(container.name());
      boolean done =
          latest != null
              && latest.sandboxId().equals(sandbox.id())
              && latest.state() instanceof State.Exited exited
              && exited.code() == 0;
      if (!done) {
        keep(container, sandbox);
        return false;
      }
    }
    return true;
  }

  /** Keeps one container running as its restart policy says. */
  private void keep(Container container, ObservedContainer sandbox) {
    ObservedContainer latest = view.observed().latest(container.name());
    if (latest == null) {
      start(container, Outcome.attemptAfter(pod, container.name()), sandbox, null);
      return;
    }
    switch (latest.state()) {
      case State.Created _ -> {
        if (latest.sandboxId().equals(sandbox.id())) {
          start(container, latest.attempt(), sandbox, null);
        } else {
          actions.add(new PodAction.Remove(latest));
        }
      }
      case State.Running _ -> {
        if (!latest.hash().equals(ContainerHash.of(container))) {
          terminate(
              latest,
              grace(),
              "Container " + container.name() + " definition changed, will be restarted");
        }
      }
      case State.Exited exited -> {
        boolean init = pod.spec().initContainers().contains(container);
        if (Outcome.restarts(pod, latest, exited, init, sandbox.id())) {
          restart(container, latest, exited, sandbox);
        }
      }
    }
  }

  private void restart(
      Container container, ObservedContainer latest, State.Exited exited, ObservedContainer box) {
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
      crashing.put(container.name(), new Trouble("CrashLoopBackOff", message, allowed, 0));
      if (!view.memory().crashing().containsKey(container.name())) {
        actions.add(new PodAction.ReportBackOff(container, pause.delay()));
      }
      wakeAt(allowed);
      return;
    }
    start(
        container,
        latest.attempt() + 1,
        box,
        RestartPause.next(pause, exited.finishedAt(), view.now()));
  }

  private void start(
      Container container, int attempt, ObservedContainer sandbox, @Nullable RestartPause pause) {
    Trouble trouble = view.memory().troubles().get(container.name());
    if (trouble != null && view.now().isBefore(trouble.retryAt())) {
      wakeAt(trouble.retryAt());
      return;
    }
    switch (view.images().getOrDefault(container.name(), new ImageState.Needed())) {
      case ImageState.Ready _ ->
          actions.add(new PodAction.StartContainer(container, attempt, sandbox, pause));
      case ImageState.Needed _ -> actions.add(new PodAction.PullImage(container));
      case ImageState.Pulling _ -> {}
      case ImageState.Unavailable unavailable -> wakeAt(unavailable.trouble().retryAt());
    }
  }

  private void wakeAt(Instant at) {
    if (wake == null || at.isBefore(wake)) {
      wake = at;
    }
  }
}
