package minik8s.kubelet.metrics;

import java.time.Instant;
import java.util.List;
import minik8s.kubelet.runtime.ObservedContainer;
import org.jspecify.annotations.Nullable;

/**
 * What one running container, sandboxes included, has used. Immutable.
 *
 * @param networks of a sandbox with a network of its own; else empty
 * @param more null when only processor and memory were asked for
 */
record ContainerSample(
    ObservedContainer container,
    Instant startedAt,
    Cgroup.CpuUse cpu,
    Cgroup.MemoryUse memory,
    List<NetworkUse> networks,
    @Nullable More more) {
  ContainerSample {
    networks = List.copyOf(networks);
  }

  /**
   * What only the full page shows. Immutable.
   *
   * @param cgroup its control group's path
   * @param image its reference
   * @param engineName its name at the engine
   * @param layerBytes what it has written over its image; negative while not yet known
   * @param logBytes size of its log and settings; negative while not yet known
   */
  record More(
      String cgroup,
      String image,
      String engineName,
      List<Cgroup.DiskUse> disks,
      Cgroup.Spec spec,
      long tasks,
      long layerBytes,
      long logBytes) {
    More {
      disks = List.copyOf(disks);
    }
  }

  String namespace() {
    return container.pod().namespace();
  }

  String pod() {
    return container.pod().name();
  }
}
