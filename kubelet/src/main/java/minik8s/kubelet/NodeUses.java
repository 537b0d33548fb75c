package minik8s.kubelet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import minik8s.api.Pod;
import minik8s.kubelet.eviction.EvictionLoop;
import minik8s.kubelet.eviction.PodUse;
import minik8s.kubelet.eviction.Reading;
import minik8s.kubelet.eviction.Signal;
import minik8s.kubelet.gc.GarbageLoop;
import minik8s.kubelet.metrics.NodeMetrics;
import minik8s.kubelet.metrics.NodeMetrics.ContainerUse;
import minik8s.kubelet.node.Machine;
import minik8s.kubelet.status.Qos;
import minik8s.kubelet.sync.PodWorkers;
import minik8s.kubelet.sync.Verdict;
import minik8s.kubelet.volume.PodVolumes;

/**
 * What this machine has left and what its pods use, for eviction. Thread-safe. Containers are
 * measured only when something has to go, or may have to.
 *
 * @param root the kubelet's folder, on the node's disk
 * @param images the engine's folder
 * @param changed told when the node's pressures have changed
 */
record NodeUses(
    Path root,
    Supplier<Path> images,
    PodWorkers workers,
    PodVolumes volumes,
    NodeMetrics metrics,
    GarbageLoop garbage,
    Runnable changed)
    implements EvictionLoop.Node {
  @Override
  public Map<Signal, Reading> readings() {
    Map<Signal, Reading> readings = new EnumMap<>(Signal.class);
    readings.put(Signal.MEMORY, new Reading(Machine.memoryBytes(), Machine.freeMemoryBytes()));
    readings.put(Signal.NODE_DISK, disk(root));
    readings.put(Signal.IMAGE_DISK, disk(images.get()));
    long[] processes = Machine.processes();
    readings.put(Signal.PIDS, new Reading(processes[1], processes[1] - processes[0]));
    return readings;
  }

  private static Reading disk(Path folder) {
    long[] disk = Machine.disk(folder);
    return new Reading(disk[0], disk[1]);
  }

  @Override
  public List<PodUse> uses() {
    return uses(workers.pods().stream().filter(Pod::active).toList(), true);
  }

  /** Containers are measured only where one of them has a limit. */
  @Override
  public List<PodUse> limitedUses() {
    List<Pod> limited =
        workers.pods().stream()
            .filter(pod -> pod.active() && (limitsVolumes(pod) || limitsContainers(pod)))
            .toList();
    return uses(limited, limited.stream().anyMatch(NodeUses::limitsContainers));
  }

  private static boolean limitsVolumes(Pod pod) {
    return pod.spec().volumes().stream()
        .anyMatch(v -> v.emptyDir() != null && v.emptyDir().sizeLimit() != null);
  }

  private static boolean limitsContainers(Pod pod) {
    return pod.spec().containers().stream()
        .anyMatch(c -> c.resources().limits().containsKey("ephemeral-storage"));
  }

  private List<PodUse> uses(List<Pod> pods, boolean containers) {
    List<PodUse> uses = new ArrayList<>();
    List<ContainerUse> measured = containers ? metrics.uses() : List.of();
    Map<String, List<ContainerUse>> byPod =
        measured.stream().collect(Collectors.groupingBy(ContainerUse::uid));
    for (Pod pod : pods) {
      Map<String, Long> memory = new HashMap<>();
      Map<String, Long> layers = new HashMap<>();
      long processes = 0;
      for (ContainerUse use : byPod.getOrDefault(pod.uid(), List.of())) {
        memory.put(use.container(), use.workingSet());
        layers.put(use.container(), use.layerBytes());
        processes += use.processes();
      }
      uses.add(new PodUse(pod, Qos.of(pod), memory, layers, volumes.sizes(pod), processes));
    }
    return uses;
  }

  @Override
  public void cleanUp() {
    garbage.everything();
  }

  @Override
  public void evict(PodUse use, String message, Duration grace) {
    Duration own = Duration.ofSeconds(use.pod().spec().gracePeriodSeconds());
    workers.evict(
        use.pod().uid(), Verdict.evicted(message, own.compareTo(grace) < 0 ? own : grace));
  }

  @Override
  public void pressuresChanged() {
    changed.run();
  }
}
