package minik8s.controller.namespace;

import minik8s.api.Namespace;
import minik8s.api.ObjectKey;
import minik8s.client.informer.Informer;
import minik8s.control.WorkQueue;

/** A namespace wakes its controller once it is being deleted. */
public final class NamespaceTriggers {
  private NamespaceTriggers() {}

  /** Registers with the informer; do so before it is fed. */
  public static void wire(WorkQueue<ObjectKey> queue, Informer<Namespace> namespaces) {
    namespaces.onChange((_, now) -> {
      if (now != null && NamespacePlan.concerns(now)) {
        queue.add(now.key());
      }
    });
  }
}
