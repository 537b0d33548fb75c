package minik8s.kubelet.sync;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker remembers of its pod between two looks. Immutable; lost with the process, which
 * costs no more than a shorter back-off.
 *
 * @param pauses by container name
 * @param troubles by container name; {@link minik8s.kubelet.runtime.ObservedContainer#SANDBOX} for
 *     the sandbox
 * @param deadlines by container id: when a container that got SIGTERM gets SIGKILL
 * @param crashing by container name: the back-off that is being waited for
 */
public record PodMemory(
    Map<String, RestartPause> pauses,
    Map<String, Trouble> troubles,
    Map<String, Instant> deadlines,
    Map<String, Trouble> crashing) {
  public static final PodMemory NONE = new PodMemory(Map.of(), Map.of(), Map.of(), Map.of());

  public PodMemory {
    pauses = Map.copyOf(pauses);
    troubles = Map.copyOf(troubles);
    deadlines = Map.copyOf(deadlines);
    crashing = Map.copyOf(crashing);
  }

  /** A container is started again. */
  public PodMemory paused(String container, RestartPause pause) {
    return new PodMemory(with(pauses, container, pause), troubles, deadlines, crashing);
  }

  /** A container could not be started; null when it could. */
  public PodMemory troubled(String container, @Nullable Trouble trouble) {
    return new PodMemory(pauses, with(troubles, container, trouble), deadlines, crashing);
  }

  /** A container got SIGTERM and has until then. */
  public PodMemory terminating(String id, Instant deadline) {
    return new PodMemory(pauses, troubles, with(deadlines, id, deadline), crashing);
  }

  /** The back-offs that are being waited for. */
  public PodMemory crashing(Map<String, Trouble> waits) {
    return new PodMemory(pauses, troubles, deadlines, waits);
  }

  private static <V> Map<String, V> with(Map<String, V> map, String key, @Nullable V value) {
    Map<String, V> next = new HashMap<>(map);
    if (value == null) {
      next.remove(key);
    } else {
      next.put(key, value);
    }
    return next;
  }
}
