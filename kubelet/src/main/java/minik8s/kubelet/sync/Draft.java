package minik8s.kubelet.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A decision in the making, which the rooms of a plan write on. Confined to one decision. */
final class Draft {
  final PodView view;
  final List<PodAction> actions = new ArrayList<>();
  final Map<String, Trouble> crashing = new HashMap<>();
  private @Nullable Instant wake;
  private boolean stopping;

  Draft(PodView view) {
    this.view = view;
  }

  void add(PodAction action) {
    actions.add(action);
  }

  /** Look again then, at the latest. */
  void wakeAt(Instant at) {
    if (wake == null || at.isBefore(wake)) {
      wake = at;
    }
  }

  /** The pod is being stopped as a whole. */
  void stopping() {
    stopping = true;
  }

  PodPlan.Decision decision() {
    return new PodPlan.Decision(actions, wake, crashing, stopping);
  }
}
