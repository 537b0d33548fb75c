package minik8s.controller.namespace;

import java.util.List;
import minik8s.api.Namespace;
import minik8s.controller.discovery.Served;

/** Decides how a namespace is emptied. Pure. */
final class NamespacePlan {
  static final String FINALIZER = "kubernetes";

  private NamespacePlan() {}

  /** One thing to do for a namespace that is being deleted. */
  sealed interface Action {
    /** Delete everything of this kind in it. */
    record Empty(Served kind) implements Action {}

    /** Nothing is left: let it go. */
    record Finish(List<String> finalizers) implements Action {}
  }

  /** The kinds that a namespace may hold and that can be deleted. */
  static List<Served> kinds(List<Served> served) {
    return served.stream()
        .filter(kind -> kind.resource().namespaced())
        .filter(kind -> kind.can("list", "delete"))
        .toList();
  }

  /** Whether the namespace waits for us. */
  static boolean concerns(Namespace namespace) {
    return namespace.metadata().deleting() && namespace.spec().finalizers().contains(FINALIZER);
  }

  /** What to do about what is in it. */
  static List<Action> next(Namespace namespace, Content content) {
    if (!concerns(namespace)) {
      return List.of();
    }
    if (content.gone()) {
      return List.of(
          new Action.Finish(
              namespace.spec().finalizers().stream().filter(f -> !f.equals(FINALIZER)).toList()));
    }
    return content.undeleted().stream().map(kind -> (Action) new Action.Empty(kind)).toList();
  }
}
