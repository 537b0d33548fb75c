package minik8s.kubelet.sync;

import java.util.List;
import minik8s.api.Container;
import minik8s.api.ContainerState;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.ObservedPod;

/** Whether a pod has ended for good, and how. Pure. */
public enum Outcome {
  /** Something runs, or will. */
  GOING_ON,
  SUCCEEDED,
  FAILED;

  public boolean ended() {
    return this != GOING_ON;
  }

  /**
   * Judges by the restart policy and the newest run of each container; runs that the runtime no
   * longer has are judged by the last status.
   */
  public static Outcome of(Pod pod, ObservedPod observed) {
    for (Container init : pod.spec().initContainers()) {
      Integer code = init.sidecar() ? null : code(pod, observed, init.name(), true);
      if (code != null && code != 0 && pod.spec().restartPolicy().equals("Never")) {
        return FAILED;
      }
    }
    if (pod.spec().restartPolicy().equals("Always") || pod.spec().containers().isEmpty()) {
      return GOING_ON;
    }
    boolean failed = false;
    for (Container container : pod.spec().containers()) {
      Integer code = code(pod, observed, container.name(), false);
      if (code == null || (code != 0 && !pod.spec().restartPolicy().equals("Never"))) {
        return GOING_ON;
      }
      failed |= code != 0;
    }
    return failed ? FAILED : SUCCEEDED;
  }

  /** The newest run's exit code; null when it goes on or never began. */
  private static @org.jspecify.annotations.Nullable Integer code(
      Pod pod, ObservedPod observed, String name, boolean init) {
    ObservedContainer latest = observed.latest(name);
    if (latest != null) {
      return latest.state() instanceof State.Exited exited ? exited.code() : null;
    }
    List<PodStatus.ContainerStatus> last =
        init ? pod.status().initContainerStatuses() : pod.status().containerStatuses();
    for (PodStatus.ContainerStatus status : last) {
      if (status.name().equals(name) && status.state() instanceof ContainerState.Terminated end) {
        return end.exitCode();
      }
    }
    return null;
  }

  /** The attempt that follows what the last status tells of a container without runs. */
  static int attemptAfter(Pod pod, String name) {
    for (List<PodStatus.ContainerStatus> list :
        List.of(pod.status().containerStatuses(), pod.status().initContainerStatuses())) {
      for (PodStatus.ContainerStatus status : list) {
        if (status.name().equals(name) && !status.containerID().isEmpty()) {
          return status.restartCount() + 1;
        }
      }
    }
    return 0;
  }

  /** The restart policy that counts for a container. */
  static String policy(Pod pod, Container container) {
    return container.restartPolicy().isEmpty()
        ? pod.spec().restartPolicy()
        : container.restartPolicy();
  }

  /** Whether the restart policy wants an ended container to run again. */
  static boolean restarts(
      Pod pod,
      Container container,
      ObservedContainer latest,
      State.Exited exited,
      String sandboxId) {
    if (pod.spec().initContainers().contains(container) && !container.sidecar()) {
      // A new sandbox runs init containers anew.
      return exited.code() != 0
          ? !pod.spec().restartPolicy().equals("Never")
          : !latest.sandboxId().equals(sandboxId);
    }
    return switch (policy(pod, container)) {
      case "Never" -> false;
      case "OnFailure" -> exited.code() != 0;
      default -> true;
    };
  }
}
