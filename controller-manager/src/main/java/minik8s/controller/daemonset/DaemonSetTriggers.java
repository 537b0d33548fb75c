package minik8s.controller.daemonset;

import minik8s.api.DaemonSet;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.WorkQueue;
import minik8s.controller.pods.Unseen;
import org.jspecify.annotations.Nullable;

/** Which changes wake which daemon set. Handlers only take notes. */
public final class DaemonSetTriggers {
  private final WorkQueue<ObjectKey> queue;
  private final DaemonSetReconciler reconciler;
  private final Lister<DaemonSet> sets;
  private final Index<DaemonSet> byNamespace;
  private final Unseen unseen;

  private DaemonSetTriggers(
      WorkQueue<ObjectKey> queue,
      DaemonSetReconciler reconciler,
      Lister<DaemonSet> sets,
      Index<DaemonSet> byNamespace) {
    this.queue = queue;
    this.reconciler = reconciler;
    this.sets = sets;
    this.byNamespace = byNamespace;
    this.unseen = reconciler.unseen();
  }

  /** Registers with the informers; do so before they are fed. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      DaemonSetReconciler reconciler,
      Informer<DaemonSet> sets,
      Index<DaemonSet> byNamespace,
      Informer<Pod> pods,
      Informer<Node> nodes) {
    DaemonSetTriggers triggers =
        new DaemonSetTriggers(queue, reconciler, sets.lister(), byNamespace);
    sets.onChange(triggers::setChanged);
    pods.onChange(triggers::podChanged);
    nodes.onChange(triggers::nodeChanged);
  }

  private void setChanged(@Nullable DaemonSet old, @Nullable DaemonSet now) {
    if (old != null && (now == null || !now.uid().equals(old.uid()))) {
      reconciler.forget(old.uid());
    }
    if (now != null) {
      queue.add(now.key());
    }
  }

  /** A heartbeat changes only the status and wakes nobody. */
  private void nodeChanged(@Nullable Node old, @Nullable Node now) {
    if (old != null
        && now != null
        && old.uid().equals(now.uid())
        && old.spec().equals(now.spec())
        && old.metadata().labels().equals(now.metadata().labels())) {
      return;
    }
    for (DaemonSet set : sets.all()) {
      Placement placement = Placement.of(set);
      if (old == null || now == null || placement.on(old) != placement.on(now)) {
        queue.add(set.key());
      }
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
        .filter(ref -> ref.kind().equals("DaemonSet"))
        .ifPresent(ref -> podSeen(pod, ref, gone));
  }

  private void podSeen(Pod pod, OwnerReference owner, boolean gone) {
    unseen.settleCreated(owner.uid(), DaemonPods.note(DaemonPods.node(pod), pod.metadata().name()));
    if (gone || pod.metadata().deleting()) {
      unseen.settleDeleted(owner.uid(), pod.uid());
    }
    queue.add(new ObjectKey(pod.metadata().namespace(), owner.name()));
  }
}
