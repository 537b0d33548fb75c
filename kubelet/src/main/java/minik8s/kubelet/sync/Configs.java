package minik8s.kubelet.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Quantity;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Isolation;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerConfig.NodeDevice;
import minik8s.kubelet.runtime.ContainerConfig.PortMapping;
import minik8s.kubelet.runtime.ContainerConfig.Processes;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.ContainerHash;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.sandbox.HostNames;
import minik8s.kubelet.sandbox.OomScores;
import minik8s.kubelet.sandbox.Sysctls;
import minik8s.kubelet.source.Environment;
import minik8s.kubelet.source.Expansion;
import minik8s.kubelet.source.SourceFailure;
import org.jspecify.annotations.Nullable;

/** What the runtime must know of a sandbox or container, from the pod's spec. Pure. */
final class Configs {
  private static final int MIN_SHARES = 2;

  private Configs() {}

  /**
   * The pod's sandbox.
   *
   * @param runtime the engine's name of an OCI runtime; empty for its default
   * @throws SourceFailure when the pod's name does not fit the kernel
   */
  static ContainerConfig sandbox(
      Pod pod, int attempt, String image, String clusterDomain, String runtime) {
    Network network =
        pod.spec().hostNetwork()
            ? new Network.Host()
            : new Network.Own(HostNames.kernel(pod, clusterDomain), ports(pod));
    Isolation isolation =
        new Isolation(
            pod.spec().hostPID() ? new Processes.Host() : new Processes.Own(),
            pod.spec().hostIPC(),
            Sysctls.of(pod),
            runtime,
            "",
            List.of());
    return new ContainerConfig(
        PodRef.of(pod),
        ObservedContainer.SANDBOX,
        attempt,
        "",
        pod.spec().gracePeriodSeconds(),
        image,
        List.of(),
        List.of(),
        List.of(),
        "",
        List.of(),
        network,
        isolation,
        new Limits(MIN_SHARES, 0, 0, OomScores.SANDBOX, Map.of()),
        Security.DEFAULT,
        false,
        false,
        false);
  }

  /** What a container shares with its sandbox. */
  static Isolation isolation(Pod pod, String sandboxId, String runtime, List<NodeDevice> devices) {
    Processes processes =
        pod.spec().hostPID()
            ? new Processes.Host()
            : pod.spec().shareProcessNamespace()
                ? new Processes.Of(sandboxId)
                : new Processes.Own();
    return new Isolation(processes, pod.spec().hostIPC(), Map.of(), runtime, "", devices);
  }

  private static List<PortMapping> ports(Pod pod) {
    List<PortMapping> ports = new ArrayList<>();
    for (Container container : pod.spec().containers()) {
      for (Container.Port port : container.ports()) {
        if (port.hostPort() > 0) {
          ports.add(
              new PortMapping(
                  port.hostIP(), port.hostPort(), port.containerPort(), port.protocol()));
        }
      }
    }
    return ports;
  }

  static ContainerConfig container(
      Pod pod,
      Container container,
      int attempt,
      String sandboxId,
      Map<String, String> env,
      List<Mount> mounts,
      Security security,
      Limits limits,
      Isolation isolation) {
    return new ContainerConfig(
        PodRef.of(pod),
        container.name(),
        attempt,
        ContainerHash.of(container),
        pod.spec().gracePeriodSeconds(),
        container.image(),
        expanded(container.command(), env),
        expanded(container.args(), env),
        Environment.lines(env),
        container.workingDir(),
        mounts,
        new Network.Joined(sandboxId),
        isolation,
        limits,
        security,
        container.stdin(),
        container.stdinOnce(),
        container.tty());
  }

  private static List<String> expanded(List<String> words, Map<String, String> env) {
    return words.stream().map(word -> Expansion.expand(word, env)).toList();
  }

  /** A container without an amount of its own gets no more than its pod. */
  private static @Nullable Quantity either(
      Map<String, Quantity> own, @Nullable Map<String, Quantity> ofPod, String resource) {
    Quantity amount = own.get(resource);
    return amount != null || ofPod == null ? amount : ofPod.get(resource);
  }

  /**
   * What a container gets of the node.
   *
   * <p>Source of the arithmetic: Kubernetes' {@code MilliCPUToShares} and {@code MilliCPUToQuota}.
   */
  static Limits limits(
      Pod pod, Container container, int oomScoreAdj, Map<String, List<String>> devices) {
    Container.Resources own = container.resources();
    Container.Resources shared = pod.spec().resources();
    Quantity cpuRequest = either(own.requests(), shared == null ? null : shared.requests(), "cpu");
    Quantity cpuLimit = either(own.limits(), shared == null ? null : shared.limits(), "cpu");
    Quantity memory = either(own.limits(), shared == null ? null : shared.limits(), "memory");
    Quantity weight = cpuRequest != null ? cpuRequest : cpuLimit;
    long milli = weight == null ? 0 : weight.milliValue();
    int shares = (int) Math.max(MIN_SHARES, Math.min(262_144, milli * 1024 / 1000));
    long quota = cpuLimit == null ? 0 : Math.max(1000, cpuLimit.milliValue() * 100);
    return new Limits(shares, quota, memory == null ? 0 : memory.value(), oomScoreAdj, devices);
  }
}
