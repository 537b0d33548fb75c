package minik8s.kubelet.runtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime has of one pod. Immutable.
 *
 * @param sandboxes newest attempt first
 * @param containers newest attempt first; init and app containers alike
 */
public record ObservedPod(List<ObservedContainer> sandboxes, List<ObservedContainer> containers) {
  public static final ObservedPod NONE = new ObservedPod(List.of(), List.of());

  /** Sorts what was found. */
  public static ObservedPod of(Collection<ObservedContainer> found) {
    List<ObservedContainer> sandboxes = new ArrayList<>();
    List<ObservedContainer> containers = new ArrayList<>();
    found.stream()
        .sorted(
            Comparator.comparingInt(ObservedContainer::attempt)
                .thenComparing(ObservedContainer::createdAt)
                .reversed())
        .forEach(c -> (c.sandbox() ? sandboxes : containers).add(c));
    return new ObservedPod(List.copyOf(sandboxes), List.copyOf(containers));
  }

  public boolean isEmpty() {
    return sandboxes.isEmpty() && containers.isEmpty();
  }

  /** The newest sandbox, or null. */
  public @Nullable ObservedContainer sandbox() {
    return sandboxes.isEmpty() ? null : sandboxes.getFirst();
  }

  /** All runs of one container, newest first. */
  public List<ObservedContainer> runs(String name) {
    return containers.stream().filter(c -> c.name().equals(name)).toList();
  }

  /** The newest run of one container, or null. */
  public @Nullable ObservedContainer latest(String name) {
    for (ObservedContainer container : containers) {
      if (container.name().equals(name)) {
        return container;
      }
    }
    return null;
  }

  /** Everything, sandboxes last. */
  public List<ObservedContainer> all() {
    List<ObservedContainer> all = new ArrayList<>(containers);
    all.addAll(sandboxes);
    return all;
  }
}
