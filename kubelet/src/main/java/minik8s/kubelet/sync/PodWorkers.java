package minik8s.kubelet.sync;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import minik8s.api.ObjectMeta;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.PodRef;
import tools.jackson.databind.node.ObjectNode;

/**
 * One worker per pod uid, from the first sight of the pod until nothing of it is left. Thread-safe.
 */
public final class PodWorkers implements AutoCloseable {
  private final Workshop shop;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  public PodWorkers(Workshop shop) {
    this.shop = shop;
  }

  /** The API server has the pod so. */
  public void update(Pod pod) {
    worker(pod).post(pod, false);
  }

  /** The API server no longer has the pod. */
  public void gone(Pod pod) {
    worker(pod).post(pod, true);
  }

  /** Something of the pod changed in the runtime. */
  public void poke(String uid) {
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.poke();
    }
  }

  /**
   * The runtime has containers, or the disk volumes, of a pod that the API server does not know.
   */
  public void orphan(PodRef ref, Collection<ObservedContainer> containers) {
    long grace = containers.stream().mapToLong(ObservedContainer::graceSeconds).max().orElse(0);
    ObjectNode pod = Json.object();
    pod.set("metadata", Json.tree(ObjectMeta.of(ref.namespace(), ref.name(), Map.of())));
    pod.withObject("metadata").put("uid", ref.uid());
    pod.putObject("spec").put("terminationGracePeriodSeconds", grace);
    gone(Json.read(pod, Pod.class));
  }

  /** Something that the volumes of the pod hold has changed. */
  public void volumesChanged(String uid) {
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.volumesChanged();
    }
  }

  /** The pod has to make room. */
  public void evict(String uid, Verdict verdict) {
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.evict(verdict);
    }
  }

  /** The pods that have a worker. */
  public Set<String> uids() {
    return workers.keySet();
  }

  /** The pods as their workers last saw them. */
  public Set<Pod> pods() {
    return workers.values().stream().map(PodWorker::pod).collect(Collectors.toSet());
  }

  private PodWorker worker(Pod pod) {
    return workers.computeIfAbsent(
        pod.uid(),
        uid -> {
          PodWorker worker = new PodWorker(shop, pod, () -> done(uid));
          if (!closed) {
            worker.start();
          }
          return worker;
        });
  }

  private void done(String uid) {
    workers.remove(uid);
    shop.settings().devices().release(uid);
    shop.statuses().forget(uid);
  }

  /** Stops looking after pods; their containers go on. */
  @Override
  public void close() {
    closed = true;
    workers.values().forEach(PodWorker::close);
  }
}
