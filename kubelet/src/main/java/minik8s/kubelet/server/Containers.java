package minik8s.kubelet.server;

import java.util.List;
import java.util.stream.Stream;
import minik8s.api.Container;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.client.informer.Lister;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.RuntimePicture;
import org.jspecify.annotations.Nullable;

/** Finds the container that a request means. Thread-safe. */
final class Containers {
  private final Lister<Pod> pods;
  private final RuntimePicture picture;

  Containers(Lister<Pod> pods, RuntimePicture picture) {
    this.pods = pods;
    this.picture = picture;
  }

  /**
   * The newest run of a container, or the one before it.
   *
   * @throws minik8s.api.ApiException when there is none
   */
  ObservedContainer find(ObjectKey key, String name, boolean previous) {
    Pod pod =
        pods.get(key).orElseThrow(() -> Failure.notFound("", "pods", key.name()).asException());
    List<ObservedContainer> runs = picture.pod(pod.nodeUid()).runs(name);
    if (container(pod, name) == null) {
      throw Failure.badRequest("container " + name + " is not valid for pod " + key.name())
          .asException();
    }
    if (previous) {
      if (runs.size() < 2) {
        throw Failure.badRequest(
                "previous terminated container \""
                    + name
                    + "\" in pod \""
                    + key.name()
                    + "\" not found")
            .asException();
      }
      return runs.get(1);
    }
    if (runs.isEmpty()) {
      throw Failure.badRequest(
              "container \""
                  + name
                  + "\" in pod \""
                  + key.name()
                  + "\" is waiting to start: "
                  + waitingReason(pod, name))
          .asException();
    }
    return runs.getFirst();
  }

  private static String waitingReason(Pod pod, String name) {
    return Stream.of(
            pod.status().containerStatuses(),
            pod.status().initContainerStatuses(),
            pod.status().ephemeralContainerStatuses())
        .flatMap(List::stream)
        .filter(s -> s.name().equals(name))
        .map(s ->
            s.state() instanceof minik8s.api.ContainerState.Waiting w
                ? w.reason()
                : "ContainerCreating")
        .findFirst()
        .orElse("ContainerCreating");
  }

  /** The container's spec, init containers included; null when the pod has none of that name. */
  @Nullable Container spec(ObjectKey key, String name) {
    return pods.get(key).map(pod -> container(pod, name)).orElse(null);
  }

  private static @Nullable Container container(Pod pod, String name) {
    return pod.spec().container(name);
  }

  /**
   * Where the pod's ports are reached.
   *
   * @throws minik8s.api.ApiException when the pod does not run here
   */
  PodPorts ports(ObjectKey key, ContainerStreams streams) {
    Pod pod =
        pods.get(key).orElseThrow(() -> Failure.notFound("", "pods", key.name()).asException());
    ObservedContainer sandbox = picture.pod(pod.uid()).sandbox();
    if (sandbox == null || !sandbox.running()) {
      throw Failure.badRequest("pod " + key.name() + " is not running").asException();
    }
    String ip = sandbox.ip().isEmpty() ? pod.status().hostIP() : sandbox.ip();
    return new PodPorts(streams, ip, sandbox.id());
  }
}
