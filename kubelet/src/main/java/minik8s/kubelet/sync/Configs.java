package minik8s.kubelet.sync;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Quantity;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerConfig.PortMapping;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.ContainerHash;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.source.Environment;
import minik8s.kubelet.source.Expansion;
import minik8s.kubelet.source.SourceFailure;

/** What the runtime must know of a sandbox or container, from the pod's spec. Pure. */
final class Configs {
  private static final int MIN_SHARES = 2;
  private static final int MAX_HOSTNAME = 63;

  private Configs() {}

  static ContainerConfig sandbox(Pod pod, int attempt, String image) {
    Network network =
        pod.spec().hostNetwork() ? new Network.Host() : new Network.Own(hostname(pod), ports(pod));
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
        new Limits(MIN_SHARES, 0, 0),
        Security.DEFAULT,
        false,
        false,
        false);
  }

  static String hostname(Pod pod) {
    String name = pod.spec().hostname().isEmpty() ? pod.metadata().name() : pod.spec().hostname();
    if (name.length() <= MAX_HOSTNAME) {
      return name;
    }
    String cut = name.substring(0, MAX_HOSTNAME);
    while (cut.endsWith("-") || cut.endsWith(".")) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut;
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
      List<Mount> mounts) {
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
        limits(container),
        Security.DEFAULT,
        container.stdin(),
        container.stdinOnce(),
        container.tty());
  }

  private static List<String> expanded(List<String> words, Map<String, String> env) {
    return words.stream().map(word -> Expansion.expand(word, env)).toList();
  }

  /** Source of the arithmetic: Kubernetes' {@code MilliCPUToShares} and {@code MilliCPUToQuota}. */
  static Limits limits(Container container) {
    Quantity cpuRequest = container.resources().requests().get("cpu");
    Quantity cpuLimit = container.resources().limits().get("cpu");
    Quantity memory = container.resources().limits().get("memory");
    Quantity weight = cpuRequest != null ? cpuRequest : cpuLimit;
    long milli = weight == null ? 0 : weight.milliValue();
    int shares = (int) Math.max(MIN_SHARES, Math.min(262_144, milli * 1024 / 1000));
    long quota = cpuLimit == null ? 0 : Math.max(1000, cpuLimit.milliValue() * 100);
    return new Limits(shares, quota, memory == null ? 0 : memory.value());
  }

  /**
   * The volumes of a container as mounts.
   *
   * @param paths of the pod's volumes by name
   * @throws SourceFailure when a mount names no volume or leaves it
   */
  static List<Mount> mounts(Container container, Map<String, Path> paths, Map<String, String> env) {
    List<Mount> mounts = new ArrayList<>();
    for (Container.VolumeMount mount : container.volumeMounts()) {
      Path volume = paths.get(mount.name());
      if (volume == null) {
        throw new SourceFailure("volume \"" + mount.name() + "\" not found");
      }
      String sub =
          mount.subPathExpr().isEmpty()
              ? mount.subPath()
              : Expansion.expand(mount.subPathExpr(), env);
      Path source = volume.resolve(sub).normalize();
      if (!source.startsWith(volume)) {
        throw new SourceFailure("subPath \"" + sub + "\" leaves volume \"" + mount.name() + "\"");
      }
      mounts.add(new Mount(source.toString(), mount.mountPath(), mount.readOnly()));
    }
    return mounts;
  }
}
