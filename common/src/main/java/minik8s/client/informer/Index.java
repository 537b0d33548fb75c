package minik8s.client.informer;

import java.util.List;
import java.util.function.Function;
import minik8s.api.KubeObject;
import minik8s.api.OwnerReference;

/**
 * A way to file objects under strings, such as pods under their node. Immutable; compared by
 * identity, so keep one constant per index.
 *
 * @param values the strings to file an object under; must depend on the object alone
 */
public record Index<T>(String name, Function<T, List<String>> values) {
  /** Files objects under the uid of their controller. */
  public static <T extends KubeObject> Index<T> byController() {
    return new Index<>(
        "controller",
        object -> object.metadata().controllerRef().map(OwnerReference::uid).stream().toList());
  }

  /** Files objects under their namespace. */
  public static <T extends KubeObject> Index<T> byNamespace() {
    return new Index<>("namespace", object -> List.of(object.metadata().namespace()));
  }

  /** Files objects under their uid. */
  public static <T extends KubeObject> Index<T> byUid() {
    return new Index<>("uid", object -> List.of(object.uid()));
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
