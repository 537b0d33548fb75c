package minik8s.controller.garbage;

import java.util.List;
import minik8s.api.OwnerReference;

/**
 * Decides what becomes of an object whose owners or dependents changed. Pure. The rules are those
 * of Kubernetes' garbage collector.
 */
final class GarbagePlan {
  private GarbagePlan() {}

  /** One owner of the object and what is known of it. */
  record Owner(OwnerReference ref, State state) {
    /** What is known of an owner. */
    enum State {
      /** There, and not waiting for its dependents. */
      SOLID,
      /** Being deleted in the foreground: it waits for its dependents to go. */
      WAITING,
      /** Surely gone. */
      ABSENT,
      /** Not seen; the API server has to be asked. */
      UNKNOWN
    }
  }

  /** An object between its owners and its dependents. */
  record View(Item item, List<Owner> owners, List<Item> dependents) {}

  /** One thing to do about the object. */
  sealed interface Action {
    /** Delete it; {@code policy} is a propagation policy. */
    record Delete(String policy) implements Action {}

    /** Take these owners off it. */
    record Disown(List<String> ownerUids) implements Action {}

    /** Make it block no owner any more, to break a cycle. */
    record Unblock() implements Action {}

    /** Take it off this dependent. */
    record Release(Item dependent) implements Action {}

    /** Take a finalizer off it. */
    record Finish(String finalizer) implements Action {}

    /** Ask the API server whether these owners exist, then plan again. */
    record Verify(List<OwnerReference> owners) implements Action {}
  }

  static List<Action> next(View view) {
    Item item = view.item();
    if (item.meta().deleting()) {
      return finish(view);
    }
    if (view.owners().isEmpty()) {
      return List.of();
    }
    List<OwnerReference> unknown = refs(view, Owner.State.UNKNOWN);
    if (!unknown.isEmpty()) {
      return List.of(new Action.Verify(unknown));
    }
    boolean solid = view.owners().stream().anyMatch(o -> o.state() == Owner.State.SOLID);
    if (solid) {
      List<String> useless =
          view.owners().stream()
              .filter(owner -> owner.state() != Owner.State.SOLID)
              .map(owner -> owner.ref().uid())
              .toList();
      return useless.isEmpty() ? List.of() : List.of(new Action.Disown(useless));
    }
    boolean waiting = !refs(view, Owner.State.WAITING).isEmpty();
    if (waiting && !view.dependents().isEmpty()) {
      boolean cycle = view.dependents().stream().anyMatch(Item::deletingDependents);
      return cycle
          ? List.of(new Action.Unblock(), new Action.Delete("Foreground"))
          : List.of(new Action.Delete("Foreground"));
    }
    return List.of(new Action.Delete(policy(item)));
  }

  /** The last steps of an object that is being deleted and has a finalizer of ours. */
  private static List<Action> finish(View view) {
    Item item = view.item();
    if (item.deletingDependents()) {
      boolean blocked = view.dependents().stream().anyMatch(d -> d.blocks(item.uid()));
      return blocked ? List.of() : List.of(new Action.Finish(Item.FOREGROUND));
    }
    if (!item.orphaning()) {
      return List.of();
    }
    List<Action> actions = new java.util.ArrayList<>();
    view.dependents().forEach(dependent -> actions.add(new Action.Release(dependent)));
    actions.add(new Action.Finish(Item.ORPHAN));
    return actions;
  }

  private static String policy(Item item) {
    if (item.meta().finalizers().contains(Item.ORPHAN)) {
      return "Orphan";
    }
    return item.meta().finalizers().contains(Item.FOREGROUND) ? "Foreground" : "Background";
  }

  private static List<OwnerReference> refs(View view, Owner.State state) {
    return view.owners().stream().filter(o -> o.state() == state).map(Owner::ref).toList();
  }
}
