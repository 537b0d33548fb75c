package minik8s.kubelet.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Probe;
import minik8s.kubelet.probe.PodHooks;
import minik8s.kubelet.probe.Target;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.RuntimeFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends and removes containers of one pod, several side by side. What the engine refuses is tried
 * again by a later look. Confined to the pod's worker.
 */
final class PodEnds {
  private static final Logger LOG = LoggerFactory.getLogger(PodEnds.class);
  private static final Duration KILL_AGAIN = Duration.ofSeconds(2);

  private final Workshop shop;
  private final PodEvents events;
  private final PodHooks hooks;
  private final VolumeKeeper files;
  private final Notebook notes;
  private final List<Thread> side = new ArrayList<>();

  PodEnds(Workshop shop, PodEvents events, PodHooks hooks, VolumeKeeper files, Notebook notes) {
    this.shop = shop;
    this.events = events;
    this.hooks = hooks;
    this.files = files;
    this.notes = notes;
  }

  void terminate(Pod pod, PodAction.Terminate action) {
    ObservedContainer container = action.container();
    events.normal(container.name(), "Killing", action.why());
    Probe hook = action.grace().isZero() ? null : preStop(pod, container);
    if (action.grace().isZero()) {
      kill(new PodAction.Kill(container));
    } else if (hook == null) {
      signal(pod, container, action.grace());
    } else {
      note(container, Ending.Stage.HOOK, action.grace());
      Container spec = pod.spec().container(container.name());
      if (spec != null) {
        hooks.preStop(
            pod,
            hook,
            new Target(container.id(), spec, files.ip(pod)),
            () -> events.warning(spec, "FailedPreStopHook", "PreStopHook failed"));
      }
    }
  }

  private static @Nullable Probe preStop(Pod pod, ObservedContainer container) {
    Container spec = pod.spec().container(container.name());
    return spec == null || spec.lifecycle() == null ? null : spec.lifecycle().preStop();
  }

  /** The pod's word for the signal goes before the image's. */
  void signal(Pod pod, ObservedContainer container, Duration left) {
    note(container, Ending.Stage.SIGNAL, left);
    Container spec = pod.spec().container(container.name());
    String asked = spec == null || spec.lifecycle() == null ? "" : spec.lifecycle().stopSignal();
    String signal = asked.isEmpty() ? container.stopSignal() : asked;
    aside(() -> shop.runtime().signal(container.id(), signal));
  }

  /** Should it live on nevertheless, it is killed again, but not at once. */
  void kill(PodAction.Kill action) {
    note(action.container(), Ending.Stage.KILL, KILL_AGAIN);
    aside(() -> shop.runtime().signal(action.container().id(), "KILL"));
  }

  private void note(ObservedContainer container, Ending.Stage stage, Duration grace) {
    notes.keep(notes.memory().ending(container.id(), Ending.at(stage, notes.now(), grace)));
  }

  void remove(ObservedContainer container) {
    aside(() -> {
      shop.runtime().remove(container.id());
      shop.picture().refresh(container.id());
    });
  }

  private void aside(Runnable task) {
    side.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                task.run();
              } catch (RuntimeFailure e) {
                LOG.debug("will be tried again: {}", e.getMessage());
              }
            }));
  }

  /** Waits for what was begun. */
  void join() throws InterruptedException {
    for (Thread thread : side) {
      thread.join();
    }
    side.clear();
  }
}
