package minik8s.kubelet;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import minik8s.api.Pod;
import minik8s.client.informer.Lister;
import minik8s.control.Timers;
import minik8s.kubelet.manifest.MirrorPods;
import minik8s.kubelet.manifest.StaticPod;
import minik8s.kubelet.status.StatusWriter;
import minik8s.kubelet.sync.PodWorkers;
import org.jspecify.annotations.Nullable;

/**
 * Brings the pods of the node's folder of manifests to the workers, and their mirrors to the API
 * server. Thread-safe.
 */
final class StaticPods {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final PodWorkers workers;
  private final StatusWriter statuses;
  private final MirrorPods mirrors;
  private final Lister<Pod> stored;
  private final Timers timers;
  private final Map<String, StaticPod> pods = new HashMap<>();
  private final Set<String> running = new HashSet<>();

  StaticPods(
      PodWorkers workers,
      StatusWriter statuses,
      MirrorPods mirrors,
      Lister<Pod> stored,
      Timers timers) {
    this.workers = workers;
    this.statuses = statuses;
    this.mirrors = mirrors;
    this.stored = stored;
    this.timers = timers;
  }

  /** What the API server has instead of a pod; the pod itself unless it is static. */
  static Optional<Pod> stored(Pod pod, Lister<Pod> pods) {
    boolean fromFile =
        "file".equals(pod.metadata().annotations().get("kubernetes.io/config.source"));
    if (!fromFile || pod.mirror()) {
      return Optional.of(pod);
    }
    return pods.get(pod.key()).filter(mirror -> mirror.nodeUid().equals(pod.uid()));
  }

  /** The folder asks for these. */
  synchronized void want(Collection<StaticPod> statics) {
    Map<String, StaticPod> next = new HashMap<>();
    statics.forEach(pod -> next.put(pod.pod().uid(), pod));
    pods.values().stream()
        .filter(old -> !next.containsKey(old.pod().uid()))
        .forEach(old -> {
          running.remove(old.pod().uid());
          workers.gone(old.pod());
        });
    pods.clear();
    pods.putAll(next);
    mirrors.want(statics);
    startWaiting();
    step();
  }

  /** A pod of the same name as one that still ends waits for it. */
  private synchronized void startWaiting() {
    boolean waiting = false;
    for (StaticPod pod : pods.values()) {
      if (!running.contains(pod.pod().uid())) {
        boolean free =
            workers.pods().stream()
                .noneMatch(
                    p -> p.key().equals(pod.pod().key()) && !p.uid().equals(pod.pod().uid()));
        if (free) {
          running.add(pod.pod().uid());
          workers.update(shown(pod.pod()));
        }
        waiting |= !free;
      }
    }
    if (waiting) {
      var _ = timers.after(AGAIN, this::startWaiting);
    }
  }

  /** The pod with the status that people see. */
  private Pod shown(Pod pod) {
    return stored(pod, stored)
        .filter(mirror -> !mirror.uid().equals(pod.uid()))
        .map(mirror -> new Pod(pod.metadata(), pod.spec(), mirror.status()))
        .orElse(pod);
  }

  /** A mirror came, changed or went. */
  synchronized void mirrorChanged(@Nullable Pod old, @Nullable Pod now) {
    String uid = now != null ? now.nodeUid() : old == null ? "" : old.nodeUid();
    if (old == null || now == null || !old.uid().equals(now.uid())) {
      // Another object, which has not been told anything yet.
      statuses.reset(uid);
      step();
    } else if (now.metadata().deleting()) {
      step();
    }
    StaticPod pod = pods.get(uid);
    if (pod != null && running.contains(uid)) {
      workers.update(shown(pod.pod()));
    }
  }

  private void step() {
    var _ = Thread.ofVirtual().name("mirrors").start(mirrors::step);
  }

  /** Whether the folder asks for the pod. */
  synchronized boolean known(String uid) {
    return pods.containsKey(uid);
  }

  /** The static pods. */
  synchronized List<Pod> all() {
    return pods.values().stream().map(StaticPod::pod).toList();
  }
}
