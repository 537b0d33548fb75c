package minik8s.kubelet.status;

import java.util.List;
import minik8s.api.Container;
import minik8s.api.ContainerState;
import minik8s.api.Pod;
import minik8s.api.PodStatus.ContainerStatus;

/**
 * The one word for where a pod is in its life, counted from its containers' statuses. Pure;
 * confined to one computation. Source: Kubernetes' {@code getPhase} in {@code kubelet_pods.go}.
 */
final class PodPhase {
  private int pendingInits;
  private int pendingSidecars;
  private int failedInits;
  private int waiting;
  private int running;
  private int stopped;
  private int failed;

  private PodPhase() {}

  /**
   * The phase.
   *
   * @param begun whether any app container was ever started
   */
  static String of(
      Pod pod, List<ContainerStatus> inits, List<ContainerStatus> apps, boolean begun) {
    PodPhase count = new PodPhase();
    List<Container> specs = pod.spec().initContainers();
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).sidecar()) {
        count.sidecar(inits.get(i));
      } else if (!begun) {
        // Once an app container ran, all before it had done their work.
        count.init(inits.get(i));
      }
    }
    apps.forEach(count::app);
    return count.phase(pod, begun);
  }

  private void init(ContainerStatus status) {
    switch (status.state()) {
      case ContainerState.Running _ -> pendingInits++;
      case ContainerState.Terminated end -> failedInits += end.exitCode() == 0 ? 0 : 1;
      case ContainerState.Waiting _ -> {
        if (status.lastState() instanceof ContainerState.Terminated end && end.exitCode() != 0) {
          failedInits++;
        }
        pendingInits++;
      }
    }
  }

  /** One that has ended says nothing about the pod. */
  private void sidecar(ContainerStatus status) {
    switch (status.state()) {
      case ContainerState.Running _ -> {
        running++;
        pendingSidecars += Boolean.TRUE.equals(status.started()) ? 0 : 1;
      }
      case ContainerState.Terminated _ -> {}
      case ContainerState.Waiting _ -> {
        if (status.lastState() == null) {
          pendingSidecars++;
          waiting++;
        }
      }
    }
  }

  private void app(ContainerStatus status) {
    switch (status.state()) {
      case ContainerState.Running _ -> running++;
      case ContainerState.Terminated end -> {
        stopped++;
        failed += end.exitCode() == 0 ? 0 : 1;
      }
      case ContainerState.Waiting _ -> {
        if (status.lastState() == null) {
          waiting++;
        } else {
          stopped++;
          failed++;
        }
      }
    }
  }

  private String phase(Pod pod, boolean begun) {
    String policy = pod.spec().restartPolicy();
    boolean ending = pod.metadata().deleting();
    if (failedInits > 0 && policy.equals("Never")) {
      return "Failed";
    }
    if (pendingInits > 0 || failedInits > 0 || (pendingSidecars > 0 && !begun)) {
      return "Pending";
    }
    if (waiting > 0 && !(stopped > 0 && ending)) {
      return "Pending";
    }
    if (running > 0) {
      return "Running";
    }
    if (stopped == 0) {
      return "Pending";
    }
    return switch (policy) {
      case "Always" -> ending ? (failed > 0 ? "Failed" : "Succeeded") : "Running";
      case "OnFailure" -> failed == 0 ? "Succeeded" : ending ? "Failed" : "Running";
      default -> failed == 0 ? "Succeeded" : "Failed";
    };
  }
}
