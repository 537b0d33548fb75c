package minik8s.kubelet.source;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import minik8s.api.ConfigMap;
import minik8s.api.ObjectKey;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.RuntimeClass;
import minik8s.api.Secret;
import minik8s.api.Service;

/**
 * The objects that a pod's spec points at. Thread-safe. Throws {@link minik8s.api.ApiException}
 * when the API server can't be asked.
 */
public interface References {
  Optional<ConfigMap> configMap(ObjectKey key);

  Optional<Secret> secret(ObjectKey key);

  /** A claim of the pod's namespace. */
  Optional<PersistentVolumeClaim> claim(ObjectKey key);

  Optional<PersistentVolume> persistentVolume(String name);

  Optional<RuntimeClass> runtimeClass(String name);

  /** All services of the cluster. */
  Collection<Service> services();

  /**
   * A new token of the pod's service account, bound to the pod.
   *
   * @param audience empty for the API server's own
   */
  String token(Pod pod, String audience, Duration lifetime);

  /** The pod's volumes are to follow what they name from now on; idempotent. */
  default void follow(Pod pod) {}

  /** The pod is gone; idempotent. */
  default void release(String uid) {}
}
