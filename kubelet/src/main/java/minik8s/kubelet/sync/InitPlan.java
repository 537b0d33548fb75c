package minik8s.kubelet.sync;

import minik8s.api.Container;
import minik8s.api.PodSpec;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;

/**
 * What has to come before the app containers: init containers one after the other, each to its end;
 * a sidecar until it has started, from when on it is kept running. Pure.
 */
final class InitPlan {
  private final PodView view;
  private final KeepPlan keep;
  private final ObservedContainer sandbox;

  InitPlan(Draft draft, KeepPlan keep, ObservedContainer sandbox) {
    this.view = draft.view;
    this.keep = keep;
    this.sandbox = sandbox;
  }

  /** Takes the next step; true when the app containers may run. */
  boolean step() {
    PodSpec spec = view.pod().spec();
    if (appsStarted(spec)) {
      // What ran once is over; sidecars go on for as long as the apps do.
      spec.initContainers().stream().filter(Container::sidecar).forEach(keep::keep);
      return true;
    }
    for (Container container : spec.initContainers()) {
      boolean done = container.sidecar() ? keep.keep(container) : ended(container);
      if (!done) {
        if (!container.sidecar()) {
          var _ = keep.keep(container);
        }
        return false;
      }
    }
    return true;
  }

  private boolean appsStarted(PodSpec spec) {
    return spec.containers().stream()
        .map(c -> view.observed().latest(c.name()))
        .anyMatch(c -> c != null && c.sandboxId().equals(sandbox.id()));
  }

  private boolean ended(Container container) {
    ObservedContainer latest = view.observed().latest(container.name());
    return latest != null
        && latest.sandboxId().equals(sandbox.id())
        && latest.state() instanceof State.Exited exited
        && exited.code() == 0;
  }
}
