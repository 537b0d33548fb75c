package minik8s.kubelet.runtime;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet believes to run, container by container. Thread-safe. Each entry comes from an
 * inspect of that very container, taken and stored under the container's lock, so that an older
 * view never overwrites a newer one; when the inspect fails the old entry stays.
 */
public final class RuntimePicture {
  private static final int STRIPES = 64;

  private final ContainerRuntime runtime;
  private final Map<String, ObservedContainer> containers = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> byPod = new HashMap<>();
  private final List<Consumer<PodRef>> listeners = new CopyOnWriteArrayList<>();
  private final Set<String> starting = ConcurrentHashMap.newKeySet();
  private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

  public RuntimePicture(ContainerRuntime runtime) {
    this.runtime = runtime;
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /** Adds someone who is told which pod changed, on the thread that saw it. */
  public void onChange(Consumer<PodRef> listener) {
    listeners.add(listener);
  }

  /** What is believed of one pod. */
  public ObservedPod pod(String uid) {
    Set<ObservedContainer> found = new HashSet<>();
    synchronized (byPod) {
      for (String id : byPod.getOrDefault(uid, Set.of())) {
        ObservedContainer container = containers.get(id);
        if (container != null) {
          found.add(container);
        }
      }
    }
    return ObservedPod.of(found);
  }

  /** All pods that have at least one container. */
  public Set<PodRef> pods() {
    Set<PodRef> pods = new HashSet<>();
    containers.values().forEach(c -> pods.add(c.pod()));
    return pods;
  }

  /** A copy by container id. */
  public Map<String, ObservedContainer> snapshot() {
    return Map.copyOf(containers);
  }

  /** One container, or null. */
  public @Nullable ObservedContainer get(String id) {
    return containers.get(id);
  }

  /**
   * Runs what starts a container, then looks at it. Until then nobody else needs to, and the
   * picture does not show it running.
   *
   * @throws RuntimeFailure of {@code start}, or when it could not be looked at
   */
  public void start(String id, Runnable start) {
    starting.add(id);
    try {
      try {
        start.run();
      } finally {
        refresh(id);
      }
    } finally {
      starting.remove(id);
    }
  }

  /** Whether that state is what {@link #start} waits for, and will look at itself. */
  boolean awaited(String id, @Nullable String word) {
    return "running".equals(word) && starting.contains(id);
  }

  /**
   * Looks at one container and tells the listeners when it changed.
   *
   * @throws RuntimeFailure when it could not be looked at; the old entry stays
   */
  public Optional<ObservedContainer> refresh(String id) {
    ReentrantLock lock = locks[Math.floorMod(id.hashCode(), STRIPES)];
    ObservedContainer before;
    Optional<ObservedContainer> now;
    lock.lock();
    try {
      now = runtime.inspect(id);
      before = now.isPresent() ? put(now.get()) : forget(id);
    } finally {
      lock.unlock();
    }
    ObservedContainer named = now.orElse(before);
    if (named != null
        && (before == null || now.isEmpty() || RuntimeDiff.differs(before, now.get()))) {
      listeners.forEach(listener -> listener.accept(named.pod()));
    }
    return now;
  }

  private @Nullable ObservedContainer put(ObservedContainer container) {
    ObservedContainer before = containers.put(container.id(), container);
    if (before == null) {
      synchronized (byPod) {
        byPod.computeIfAbsent(container.pod().uid(), _ -> new HashSet<>()).add(container.id());
      }
    }
    return before;
  }

  private @Nullable ObservedContainer forget(String id) {
    ObservedContainer before = containers.remove(id);
    if (before != null) {
      String uid = before.pod().uid();
      synchronized (byPod) {
        Set<String> ids = byPod.get(uid);
        if (ids != null && ids.remove(id) && ids.isEmpty()) {
          byPod.remove(uid);
        }
      }
    }
    return before;
  }
}
