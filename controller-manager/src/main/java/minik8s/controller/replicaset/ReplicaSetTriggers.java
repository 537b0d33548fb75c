package minik8s.controller.replicaset;

import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.WorkQueue;
import minik8s.controller.pods.Unseen;
import org.jspecify.annotations.Nullable;

/** Which changes wake which replica set. Handlers only take notes. */
public final class ReplicaSetTriggers {
  private final WorkQueue<ObjectKey> queue;
  private final Lister<ReplicaSet> sets;
  private final Index<ReplicaSet> byNamespace;
  private final Unseen unseen;

  private ReplicaSetTriggers(
      WorkQueue<ObjectKey> queue,
      Lister<ReplicaSet> sets,
      Index<ReplicaSet> byNamespace,
      Unseen unseen) {
    this.queue = queue;
    this.sets = sets;
    this.byNamespace = byNamespace;
    this.unseen = unseen;
  }

  /** Registers with the informers; do so before they are fed. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      ReplicaSetReconciler reconciler,
      Informer<ReplicaSet> sets,
      Index<ReplicaSet> byNamespace,
      Informer<Pod> pods) {
    ReplicaSetTriggers triggers =
        new ReplicaSetTriggers(queue, sets.lister(), byNamespace, reconciler.unseen());
    sets.onChange(triggers::setChanged);
    pods.onChange(triggers::podChanged);
  }

  private void setChanged(@Nullable ReplicaSet old, @Nullable ReplicaSet now) {
    if (old != null && (now == null || !now.uid().equals(old.uid()))) {
      unseen.forget(old.uid());
    }
    if (now != null) {
      queue.add(now.key());
    }
  }

  private void podChanged(@Nullable Pod old, @Nullable Pod now) {
    if (old != null) {
      podSeen(old, now == null || !now.uid().equals(old.uid()));
    }
    if (now != null) {
      podSeen(now, false);
      if (now.active() && now.metadata().controllerRef().isEmpty()) {
        sets.by(byNamespace, now.metadata().namespace()).stream()
            .filter(set -> set.spec().selector().matches(now.metadata().labels()))
            .forEach(set -> queue.add(set.key()));
      }
    }
  }

  private void podSeen(Pod pod, boolean gone) {
    pod.metadata()
        .controllerRef()
        .filter(ref -> ref.kind().equals("ReplicaSet"))
        .ifPresent(ref -> podSeen(pod, ref, gone));
  }

  private void podSeen(Pod pod, OwnerReference owner, boolean gone) {
    unseen.settleCreated(owner.uid(), pod.metadata().name());
    if (gone || !pod.active()) {
      unseen.settleDeleted(owner.uid(), pod.uid());
    }
    queue.add(new ObjectKey(pod.metadata().namespace(), owner.name()));
  }
}
