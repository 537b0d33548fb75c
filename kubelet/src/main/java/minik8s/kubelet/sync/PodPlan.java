package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.status.ActiveDeadline;
import org.jspecify.annotations.Nullable;

/**
 * What to do next for one pod: spec, observation, health and time in, actions out. Pure; a plan is
 * used once. Its rooms: {@link InitPlan} (what comes first), {@link KeepPlan} (one container),
 * {@link StopPlan} (how and in which order things end).
 *
 * <p>Every action is one step. The caller looks again after performing them, so the plan never
 * counts on what its own actions will have changed.
 */
public final class PodPlan {
  /**
   * The actions, when to look again at the latest, and the back-offs that are waited for.
   *
   * @param stopping whether the pod is being stopped as a whole
   */
  public record Decision(
      List<PodAction> actions,
      @Nullable Instant wake,
      Map<String, Trouble> crashing,
      boolean stopping) {
    public Decision {
      actions = List.copyOf(actions);
      crashing = Map.copyOf(crashing);
    }
  }

  private final PodView view;
  private final Pod pod;
  private final Draft draft;
  private final StopPlan stop;

  private PodPlan(PodView view) {
    this.view = view;
    this.pod = view.pod();
    this.draft = new Draft(view);
    this.stop = new StopPlan(draft);
  }

  /** Decides. */
  public static Decision decide(PodView view) {
    PodPlan plan = new PodPlan(view);
    plan.plan();
    return plan.draft.decision();
  }

  private void plan() {
    if (view.ending()) {
      end();
    } else if (pod.finished()
        || Outcome.of(pod, view.observed()).ended()
        || ActiveDeadline.passed(pod, view.now())) {
      rest();
    } else {
      Instant deadline = ActiveDeadline.of(pod);
      if (deadline != null) {
        draft.wakeAt(deadline);
      }
      run();
    }
  }

  private Duration grace() {
    Long asked = pod.metadata().deletionGracePeriodSeconds();
    return Duration.ofSeconds(asked == null ? pod.spec().gracePeriodSeconds() : Math.max(0, asked));
  }

  /** Ends everything, says the last word, and tidies up. */
  private void end() {
    if (stop.all(grace(), null)) {
      return;
    }
    // The last word needs no more than that nothing runs; ended containers are removed after it.
    view.observed().sandboxes().forEach(s -> draft.add(new PodAction.Remove(s)));
    if (draft.actions.isEmpty() && !view.absent()) {
      draft.add(new PodAction.SayLastWord());
    } else if (draft.actions.isEmpty()) {
      view.observed().containers().forEach(c -> draft.add(new PodAction.Remove(c)));
      if (draft.actions.isEmpty()) {
        draft.add(new PodAction.Forget());
      }
    }
  }

  /** A pod that has ended keeps its containers for their logs, but no sandbox. */
  private void rest() {
    if (!stop.all(grace(), null)) {
      view.observed().sandboxes().forEach(s -> draft.add(new PodAction.Remove(s)));
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
        draft.add(new PodAction.Remove(old));
      }
    }
    removeOldRuns();
    KeepPlan keep = new KeepPlan(draft, stop, sandbox, grace());
    pod.spec().ephemeralContainers().forEach(keep::startOnce);
    if (new InitPlan(draft, keep, sandbox).step()) {
      for (Container container : pod.spec().containers()) {
        var _ = keep.keep(container);
        if (keep.holds(container)) {
          return;
        }
      }
    }
  }

  /** Containers of a dead sandbox have lost their network: they end before a new one starts. */
  private void replaceSandbox(@Nullable ObservedContainer dead) {
    if (stop.all(grace(), "Pod sandbox changed, it will be killed and re-created.")) {
      return;
    }
    Trouble trouble = view.memory().troubles().get(ObservedContainer.SANDBOX);
    if (trouble != null && view.now().isBefore(trouble.retryAt())) {
      draft.wakeAt(trouble.retryAt());
      return;
    }
    pullAhead();
    if (dead != null && dead.state() instanceof State.Created) {
      draft.add(new PodAction.StartSandbox(dead.attempt()));
      return;
    }
    view.observed().sandboxes().forEach(s -> draft.add(new PodAction.Remove(s)));
    draft.add(new PodAction.StartSandbox(dead == null ? 0 : dead.attempt() + 1));
  }

  /** Pulls start while the sandbox starts. */
  private void pullAhead() {
    Container first =
        pod.spec().initContainers().isEmpty() ? null : pod.spec().initContainers().getFirst();
    for (Container container : first == null ? pod.spec().containers() : List.of(first)) {
      if (view.images().get(container.name()) instanceof ImageState.Needed) {
        draft.add(new PodAction.PullImage(container));
      }
    }
  }

  /** The newest run and the one before it stay, for {@code logs --previous}. */
  private void removeOldRuns() {
    for (Container container : pod.spec().allContainers()) {
      view.observed().runs(container.name()).stream()
          .skip(2)
          .filter(ObservedContainer::exited)
          .forEach(old -> draft.add(new PodAction.Remove(old)));
    }
  }
}
