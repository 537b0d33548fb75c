package minik8s.controller.owner;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import minik8s.api.KubeObject;
import minik8s.api.LabelSelector;

/**
 * What a controller does with the objects around it. Immutable.
 *
 * @param keep controlled by it and selected by it
 * @param adopt selected by it and controlled by nobody
 * @param release controlled by it and selected no longer
 */
public record Claims<T extends KubeObject>(List<T> keep, List<T> adopt, List<T> release) {
  public Claims {
    keep = List.copyOf(keep);
    adopt = List.copyOf(adopt);
    release = List.copyOf(release);
  }

  /**
   * Decides by selector. An owner that is being deleted adopts and releases nothing; an object that
   * is being deleted is neither adopted nor released.
   */
  public static <T extends KubeObject> Claims<T> of(
      KubeObject owner, LabelSelector selector, Iterable<T> owned, Iterable<T> orphans) {
    return of(owner, object -> selector.matches(object.metadata().labels()), owned, orphans);
  }

  /** Decides by any rule of what belongs to the owner. */
  static <T extends KubeObject> Claims<T> of(
      KubeObject owner, Predicate<T> selected, Iterable<T> owned, Iterable<T> orphans) {
    List<T> keep = new ArrayList<>();
    List<T> release = new ArrayList<>();
    for (T object : owned) {
      if (selected.test(object)) {
        keep.add(object);
      } else if (!owner.metadata().deleting() && !object.metadata().deleting()) {
        release.add(object);
      }
    }
    List<T> adopt = new ArrayList<>();
    for (T object : orphans) {
      if (!owner.metadata().deleting() && !object.metadata().deleting() && selected.test(object)) {
        adopt.add(object);
      }
    }
    return new Claims<>(keep, adopt, release);
  }
}
