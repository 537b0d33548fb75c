package minik8s.controller.disruption;

import java.time.Instant;
import minik8s.api.Condition;
import minik8s.api.PodDisruptionBudget;
import minik8s.controller.disruption.DisruptionPlan.Bounds;
import minik8s.controller.disruption.DisruptionPlan.Count;

/** The status of a budget. Pure. */
final class DisruptionStatuses {
  private static final String ALLOWED = "DisruptionAllowed";

  private DisruptionStatuses() {}

  /** The status that the counts lead to. */
  static PodDisruptionBudget.Status counted(
      PodDisruptionBudget budget, Bounds bounds, Count count, Instant now) {
    int allowed = DisruptionPlan.allowed(bounds, count.healthy());
    boolean any = allowed > 0;
    Condition condition =
        Condition.of(ALLOWED, any, any ? "SufficientPods" : "InsufficientPods", "", now);
    return new PodDisruptionBudget.Status(
        budget.metadata().generation(),
        allowed,
        count.healthy(),
        bounds.desired(),
        bounds.expected(),
        count.disrupted(),
        Condition.set(budget.status().conditions(), condition));
  }

  /** While it can't be known how many are wanted, nobody may go. */
  static PodDisruptionBudget.Status failed(PodDisruptionBudget budget, String why, Instant now) {
    PodDisruptionBudget.Status old = budget.status();
    return new PodDisruptionBudget.Status(
        budget.metadata().generation(),
        0,
        old.currentHealthy(),
        old.desiredHealthy(),
        old.expectedPods(),
        old.disruptedPods(),
        Condition.set(old.conditions(), Condition.of(ALLOWED, false, "SyncFailed", why, now)));
  }
}
