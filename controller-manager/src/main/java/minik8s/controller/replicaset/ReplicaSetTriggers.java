package minik8s.controller.replicaset;

import java.util.function.Function;
import minik8s.api.KubeObject;
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
public final class ReplicaSetTriggers<S extends KubeObject> {
  private final WorkQueue<ObjectKey> queue;
  private final Lister<S> sets;
  private final Index<S> byNamespace;
  private final Unseen unseen;

  private final String kind;
  private final Function<S, ReplicaSet> view;

  private ReplicaSetTriggers(
      WorkQueue<ObjectKey> queue,
      Informer<S> sets,
      Index<S> byNamespace,
      Function<S, ReplicaSet> view,
      Unseen unseen) {
    this.queue = queue;
    this.sets = sets.lister();
    this.byNamespace = byNamespace;
    this.unseen = unseen;
    this.kind = sets.resource().kind();
    this.view = view;
  }

  /** Registers with the informers; do so before they are fed. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      ReplicaSetReconciler reconciler,
      Informer<ReplicaSet> sets,
      Index<ReplicaSet> byNamespace,
      Informer<Pod> pods) {
    wire(queue, reconciler, sets, byNamespace, Function.identity(), pods);
  }

  /**
   * The same for objects that work as sets do.
   *
   * @param view the set that the object works as
   */
  public static <S extends KubeObject> void wire(
      WorkQueue<ObjectKey> queue,
      ReplicaSetReconciler reconciler,
      Informer<S> sets,
      Index<S> byNamespace,
      Function<S, ReplicaSet> view,
      Informer<Pod> pods) {
    ReplicaSetTriggers<S> triggers =
        new ReplicaSetTriggers<>(queue, sets, byNamespace, view, reconciler.unseen());
    sets.onChange(triggers::setChanged);
    pods.onChange(triggers::podChanged);
  }

  private void setChanged(@Nullable S old, @Nullable S now) {
    if (old != null && (now == null || !now.uid().equals(old.uid()))) {
      unseen.forget(old.metadata().uid());
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
            .filter(set -> view.apply(set).spec().selector().matches(now.metadata().labels()))
            .forEach(set -> queue.add(set.key()));
      }
    }
  }

  private void podSeen(Pod pod, boolean gone) {
    pod.metadata()
        .controllerRef()
        .filter(ref -> ref.kind().equals(kind))
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
