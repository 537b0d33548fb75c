package minik8s.kubelet.eviction;

import java.util.Map;
import minik8s.api.Pod;
import minik8s.api.Quantity;

/**
 * What a pod uses. Immutable. What is not known counts as nothing.
 *
 * @param qos its class
 * @param memory working set in bytes, by container
 * @param layers bytes written over the image and into the log, by container
 * @param volumes bytes in volumes that live with the pod on the node's disk or in its memory, by
 *     volume
 * @param processes of all containers
 */
public record PodUse(
    Pod pod,
    String qos,
    Map<String, Long> memory,
    Map<String, Long> layers,
    Map<String, Long> volumes,
    long processes) {
  public PodUse {
    memory = Map.copyOf(memory);
    layers = Map.copyOf(layers);
    volumes = Map.copyOf(volumes);
  }

  int priority() {
    Integer priority = pod.spec().priority();
    return priority == null ? 0 : priority;
  }

  private static long sum(Map<String, Long> amounts) {
    return amounts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes on disk, volumes in memory left out. */
  long disk() {
    long inMemory =
        pod.spec().volumes().stream()
            .filter(v -> v.emptyDir() != null && v.emptyDir().medium().equals("Memory"))
            .mapToLong(v -> volumes.getOrDefault(v.name(), 0L))
            .sum();
    return sum(layers) + sum(volumes) - inMemory;
  }

  /** How much it uses of what a signal is about. */
  long of(Signal signal) {
    return switch (signal) {
      case MEMORY -> sum(memory);
      case NODE_DISK, IMAGE_DISK -> disk();
      case PIDS -> processes;
    };
  }

  /** What its containers asked for. */
  long requested(Signal signal) {
    return pod.spec().containers().stream()
        .mapToLong(c -> amount(c.resources().requests().get(signal.resource())))
        .sum();
  }

  static long amount(@org.jspecify.annotations.Nullable Quantity quantity) {
    return quantity == null ? 0 : quantity.value();
  }
}
