package minik8s.kubelet.runtime.docker;

import java.util.LinkedHashMap;
import java.util.Map;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.PodRef;

/**
 * The labels by which a container is known again; Kubernetes' names where it has them. Stateless.
 */
final class Labels {
  static final String CLUSTER = "io.minik8s.cluster";
  static final String NODE = "io.minik8s.node";
  static final String POD_NAME = "io.kubernetes.pod.name";
  static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  static final String POD_UID = "io.kubernetes.pod.uid";
  static final String GRACE = "io.kubernetes.pod.terminationGracePeriod";
  static final String CONTAINER = "io.kubernetes.container.name";
  static final String ATTEMPT = "io.kubernetes.container.restartCount";
  static final String HASH = "io.kubernetes.container.hash";
  static final String TYPE = "io.kubernetes.docker.type";
  static final String SANDBOX_ID = "io.kubernetes.sandbox.id";

  private Labels() {}

  static Map<String, String> of(ContainerConfig config, String cluster, String node) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(CLUSTER, cluster);
    labels.put(NODE, node);
    labels.put(POD_NAME, config.pod().name());
    labels.put(POD_NAMESPACE, config.pod().namespace());
    labels.put(POD_UID, config.pod().uid());
    labels.put(GRACE, Long.toString(config.graceSeconds()));
    labels.put(CONTAINER, config.container());
    labels.put(ATTEMPT, Integer.toString(config.attempt()));
    labels.put(HASH, config.hash());
    boolean sandbox = config.container().equals(ObservedContainer.SANDBOX);
    labels.put(TYPE, sandbox ? "podsandbox" : "container");
    if (config.network() instanceof Network.Joined joined) {
      labels.put(SANDBOX_ID, joined.sandboxId());
    }
    return labels;
  }

  static PodRef pod(Map<String, String> labels) {
    return new PodRef(
        labels.getOrDefault(POD_UID, ""),
        labels.getOrDefault(POD_NAMESPACE, ""),
        labels.getOrDefault(POD_NAME, ""));
  }

  static long number(Map<String, String> labels, String label, long otherwise) {
    try {
      return Long.parseLong(labels.getOrDefault(label, ""));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
