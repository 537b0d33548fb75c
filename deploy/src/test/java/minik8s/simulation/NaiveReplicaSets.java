package minik8s.simulation;

import java.util.List;
import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.LoopMetrics;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import tools.jackson.databind.node.ObjectNode;

/** A replica set controller as a beginner would write it: it believes its cache. */
final class NaiveReplicaSets {
  private final Api api;
  private final Informer<ReplicaSet> sets =
      new Informer<>(Resources.REPLICA_SETS, ListOptions.ALL, List.of());
  private final Informer<Pod> pods = new Informer<>(Resources.PODS, ListOptions.ALL, List.of());
  private final ControlLoop loop;

  NaiveReplicaSets(Api api, Timers timers) {
    this.api = api;
    WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
    sets.onChange((_, now) -> {
      if (now != null) {
        queue.add(now.key());
      }
    });
    pods.onChange((_, _) -> sets.lister().all().forEach(set -> queue.add(set.key())));
    loop = new ControlLoop("naive-replicaset", queue, this::reconcile, LoopMetrics.NONE);
  }

  List<Informer<?>> informers() {
    return List.of(sets, pods);
  }

  ControlLoop loop() {
    return loop;
  }

  private Reconciler.Result reconcile(ObjectKey key) {
    ReplicaSet set = sets.lister().get(key).orElse(null);
    if (set == null || set.metadata().deleting()) {
      return Reconciler.Result.DONE;
    }
    List<Pod> own =
        pods.lister().all().stream()
            .filter(pod -> pod.active() && pod.metadata().controlledBy(set.uid()))
            .toList();
    for (int i = own.size(); i < set.spec().wanted(); i++) {
      create(set);
    }
    own.stream()
        .skip(set.spec().wanted())
        .forEach(pod -> api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid())));
    return Reconciler.Result.DONE;
  }

  private void create(ReplicaSet set) {
    ObjectNode pod = (ObjectNode) set.spec().template().copy();
    pod.withObject("metadata").put("generateName", set.metadata().name() + "-");
    pod.withObject("metadata")
        .putArray("ownerReferences")
        .add(Json.tree(OwnerReference.controller(Resources.REPLICA_SETS, set)));
    api.create(Resources.PODS, set.metadata().namespace(), pod);
  }
}
