package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import minik8s.api.Container;
import minik8s.kubelet.runtime.ObservedContainer;
import org.jspecify.annotations.Nullable;

/**
 * How containers are stopped: preStop hook, signal, kill; and in which order. Pure.
 *
 * <p>Sidecars stop after everything else, the one that was started last first, within the one grace
 * period of the pod. Source: Kubernetes' {@code kuberuntime_termination_order.go} and {@code
 * killContainer}.
 */
final class StopPlan {
  /** What is left for the signal at least, however much the hook or others have used up. */
  static final Duration MINIMUM = Duration.ofSeconds(2);

  private final Draft draft;
  private final PodView view;

  StopPlan(Draft draft) {
    this.draft = draft;
    this.view = draft.view;
  }

  /** Stops the whole pod; false when nothing of it runs any more. */
  boolean all(Duration grace, @Nullable String why) {
    List<ObservedContainer> running =
        view.observed().containers().stream().filter(ObservedContainer::running).toList();
    if (!running.isEmpty()) {
      draft.stopping();
    }
    List<ObservedContainer> first = running.stream().filter(c -> !sidecar(c.name())).toList();
    if (!first.isEmpty() || grace.isZero()) {
      (grace.isZero() ? running : first).forEach(c -> stop(c, grace, grace, text(why, c)));
    } else {
      lastSidecar(grace, why);
    }
    return !running.isEmpty();
  }

  private void lastSidecar(Duration grace, @Nullable String why) {
    Instant since = view.memory().stoppingSince();
    Duration used = since == null ? Duration.ZERO : Duration.between(since, view.now());
    Duration left = grace.minus(used).compareTo(MINIMUM) < 0 ? MINIMUM : grace.minus(used);
    for (Container sidecar : view.pod().spec().initContainers().reversed()) {
      ObservedContainer run = sidecar.sidecar() ? running(sidecar.name()) : null;
      if (run != null) {
        stop(run, left, grace, text(why, run));
        return;
      }
    }
  }

  private @Nullable ObservedContainer running(String name) {
    ObservedContainer latest = view.observed().latest(name);
    return latest != null && latest.running() ? latest : null;
  }

  private boolean sidecar(String name) {
    return view.pod().spec().initContainers().stream()
        .anyMatch(c -> c.name().equals(name) && c.sidecar());
  }

  private static String text(@Nullable String why, ObservedContainer container) {
    return why == null ? "Stopping container " + container.name() : why;
  }

  /** Stops one container. */
  void one(ObservedContainer container, Duration grace, String why) {
    stop(container, grace, grace, why);
  }

  /**
   * The next stage of one container's end.
   *
   * @param given what it gets when its end begins
   * @param now what a running end may be cut short to
   */
  private void stop(ObservedContainer container, Duration given, Duration now, String why) {
    Ending ending = view.memory().endings().get(container.id());
    if (ending == null) {
      draft.add(new PodAction.Terminate(container, given, why));
      return;
    }
    Instant due = ending.due(now);
    boolean over = !view.now().isBefore(due);
    switch (ending.stage()) {
      case HOOK -> {
        if (over || view.hooked().contains(container.id())) {
          Duration left = Duration.between(view.now(), due);
          draft.add(new PodAction.Signal(container, left.compareTo(MINIMUM) < 0 ? MINIMUM : left));
          return;
        }
      }
      case SIGNAL, KILL -> {
        if (over) {
          draft.add(new PodAction.Kill(container));
          return;
        }
      }
    }
    draft.wakeAt(due);
  }
}
