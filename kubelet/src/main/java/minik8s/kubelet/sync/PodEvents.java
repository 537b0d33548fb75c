package minik8s.kubelet.sync;

import minik8s.api.Container;
import minik8s.api.ObjectReference;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.control.EventRecorder;

/** Events about one pod and its containers. Thread-safe. */
final class PodEvents {
  private final EventRecorder recorder;
  private final Pod pod;

  PodEvents(EventRecorder recorder, Pod pod) {
    this.recorder = recorder;
    this.pod = pod;
  }

  void normal(Container container, String reason, String message) {
    recorder.offer(about(container), "Normal", reason, message);
  }

  void warning(Container container, String reason, String message) {
    recorder.offer(about(container), "Warning", reason, message);
  }

  void warning(String reason, String message) {
    recorder.warning(Resources.PODS, pod, reason, message);
  }

  void normal(String reason, String message) {
    recorder.normal(Resources.PODS, pod, reason, message);
  }

  /** An event about a container of which only the name is known. */
  void normal(String container, String reason, String message) {
    recorder.offer(about(container), "Normal", reason, message);
  }

  private ObjectReference about(Container container) {
    return about(container.name());
  }

  private ObjectReference about(String container) {
    String list = "spec.containers{";
    if (pod.spec().initContainers().stream().anyMatch(c -> c.name().equals(container))) {
      list = "spec.initContainers{";
    } else if (!pod.spec().containers().isEmpty()
        && pod.spec().containers().stream().noneMatch(c -> c.name().equals(container))) {
      list = "spec.ephemeralContainers{";
    }
    return ObjectReference.to(Resources.PODS, pod, list + container + "}");
  }
}
