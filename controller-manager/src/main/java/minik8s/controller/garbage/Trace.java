package minik8s.controller.garbage;

import java.util.List;
import java.util.Map;
import minik8s.api.KubeObject;
import minik8s.api.ObjectMeta;

/**
 * What remains of an object of any kind once all but identity, owners and finalizers is forgotten;
 * the collector watches every kind, so every byte counts. Immutable.
 */
record Trace(ObjectMeta metadata) implements KubeObject {
  Trace {
    metadata = slim(metadata);
  }

  static ObjectMeta slim(ObjectMeta meta) {
    return new ObjectMeta(
        meta.name(),
        "",
        meta.namespace(),
        meta.uid(),
        meta.resourceVersion(),
        0,
        null,
        meta.deletionTimestamp(),
        null,
        Map.of(),
        Map.of(),
        meta.ownerReferences(),
        List.copyOf(meta.finalizers()));
  }
}
