package minik8s.controller.owner;

import java.util.List;
import minik8s.api.KubeObject;
import minik8s.client.informer.Index;

/** How objects are filed for those who claim them: under their controller, or as orphans. */
public final class Owned {
  private Owned() {}

  /** A new index; pass the same one to the informer and to its readers. */
  public static <T extends KubeObject> Index<T> index() {
    return new Index<>(
        "owned",
        object ->
            List.of(
                object
                    .metadata()
                    .controllerRef()
                    .map(ref -> ref.uid())
                    .orElseGet(() -> orphans(object.metadata().namespace()))));
  }

  /** The index value of a namespace's objects that nobody controls. */
  public static String orphans(String namespace) {
    return "orphans/" + namespace;
  }
}
