package minik8s.controller.replicaset;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.controller.pods.DeletionOrder;
import minik8s.controller.pods.SlotNames;

/** Decides which pods a set still needs or has too many of. Pure. */
final class ReplicaSetPlan {
  /** The most that one step does, as Kubernetes has it. */
  private static final int BURST = 500;

  private ReplicaSetPlan() {}

  /**
   * The set's world as far as the step knows it.
   *
   * @param active pods of the set that count and that the step did not already delete
   * @param related pods of the same owner, this set's included
   * @param pending how many pods were created that the cache does not show yet
   * @param taken names that some object holds or that are pending
   */
  record View(
      ReplicaSet set,
      List<Pod> active,
      Collection<Pod> related,
      int pending,
      Predicate<String> taken) {}

  static List<Action> next(View view) {
    ReplicaSet set = view.set();
    if (set.metadata().deleting()) {
      return List.of();
    }
    int missing = set.spec().wanted() - view.active().size() - view.pending();
    if (missing > 0) {
      return SlotNames.free(
              set.metadata().name(), set.uid(), Math.min(missing, BURST), view.taken())
          .stream()
          .map(name -> (Action) new Action.Create(name))
          .toList();
    }
    return DeletionOrder.sorted(view.active(), view.related()).stream()
        .limit(Math.min(-missing, BURST))
        .map(pod -> (Action) new Action.Delete(pod))
        .toList();
  }
}
