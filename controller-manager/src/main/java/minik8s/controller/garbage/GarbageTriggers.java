package minik8s.controller.garbage;

import java.time.Duration;
import minik8s.api.ObjectKey;
import minik8s.client.informer.Informer;
import minik8s.control.WorkQueue;

/** What makes the collector look for new kinds: a change of any custom resource definition. */
public final class GarbageTriggers {
  /** Lets the API server open the endpoint first. */
  private static final Duration DELAY = Duration.ofSeconds(1);

  private GarbageTriggers() {}

  /** Registers with the informer of definitions; do so before it is fed. */
  public static void wire(WorkQueue<ObjectKey> queue, Informer<?> definitions) {
    queue.add(GarbageReconciler.DISCOVER);
    definitions.onChange((_, _) -> queue.addAfter(GarbageReconciler.DISCOVER, DELAY));
  }
}
