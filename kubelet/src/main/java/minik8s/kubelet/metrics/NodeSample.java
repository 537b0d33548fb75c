package minik8s.kubelet.metrics;

import java.time.Instant;
import java.util.List;

/**
 * What a node and its running containers have used, read at one moment. Immutable.
 *
 * @param cpu of everything on the machine
 * @param networks of the machine
 * @param disks of the machine; empty unless all was asked for
 */
record NodeSample(
    Instant at,
    Cgroup.CpuUse cpu,
    Cgroup.MemoryUse memory,
    List<NetworkUse> networks,
    List<Cgroup.DiskUse> disks,
    List<ContainerSample> containers) {
  NodeSample {
    networks = List.copyOf(networks);
    disks = List.copyOf(disks);
    containers = List.copyOf(containers);
  }
}
