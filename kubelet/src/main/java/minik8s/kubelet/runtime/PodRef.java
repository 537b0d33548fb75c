package minik8s.kubelet.runtime;

import minik8s.api.ObjectKey;
import minik8s.api.Pod;

/** Which pod a container belongs to. Immutable; the uid alone decides. */
public record PodRef(String uid, String namespace, String name) {
  public static PodRef of(Pod pod) {
    return new PodRef(pod.uid(), pod.metadata().namespace(), pod.metadata().name());
  }

  public ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  /** {@code name_namespace(uid)}, as Kubernetes' messages have it. */
  @Override
  public String toString() {
    return name + "_" + namespace + "(" + uid + ")";
  }
}
