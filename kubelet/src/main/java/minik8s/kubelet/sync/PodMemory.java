package minik8s.kubelet.sync;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker remembers of its pod between two looks. Immutable; lost with the process, which
 * costs no more than a shorter back-off or a longer grace.
 *
 * @param pauses by container name
 * @param troubles by container name; {@link minik8s.kubelet.runtime.ObservedContainer#SANDBOX} for
 *     the sandbox
 * @param endings by container id: how far the end of a running container has come
 * @param crashing by container name: the back-off that is being waited for
 * @param stoppingSince when the pod as a whole began to be stopped; null while it is not
 */
public record PodMemory(
    Map<String, RestartPause> pauses,
    Map<String, Trouble> troubles,
    Map<String, Ending> endings,
    Map<String, Trouble> crashing,
    @Nullable Instant stoppingSince) {
  public static final PodMemory NONE = new PodMemory(Map.of(), Map.of(), Map.of(), Map.of(), null);

  public PodMemory {
    pauses = Map.copyOf(pauses);
    troubles = Map.copyOf(troubles);
    endings = Map.copyOf(endings);
    crashing = Map.copyOf(crashing);
  }

  /** A container is started again. */
  public PodMemory paused(String container, RestartPause pause) {
    return new PodMemory(
        with(pauses, container, pause), troubles, endings, crashing, stoppingSince);
  }

  /** A container could not be started; null when it could. */
  public PodMemory troubled(String container, @Nullable Trouble trouble) {
    return new PodMemory(
        pauses, with(troubles, container, trouble), endings, crashing, stoppingSince);
  }

  /** A container's end has come so far. */
  public PodMemory ending(String id, Ending ending) {
    return new PodMemory(pauses, troubles, with(endings, id, ending), crashing, stoppingSince);
  }

  /** The back-offs that are being waited for. */
  public PodMemory crashing(Map<String, Trouble> waits) {
    return new PodMemory(pauses, troubles, endings, waits, stoppingSince);
  }

  /** When the pod began to be stopped as a whole; null when it is not being stopped. */
  public PodMemory stoppingSince(@Nullable Instant since) {
    return new PodMemory(pauses, troubles, endings, crashing, since);
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
