package minik8s.controller.statefulset;

import minik8s.api.ObjectKey;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.StatefulSet;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.WorkQueue;
import org.jspecify.annotations.Nullable;

/** Which changes wake which stateful set. Handlers only take notes. */
public final class StatefulSetTriggers {
  private final WorkQueue<ObjectKey> queue;
  private final Lister<StatefulSet> sets;
  private final Index<StatefulSet> byNamespace;

  private StatefulSetTriggers(
      WorkQueue<ObjectKey> queue, Lister<StatefulSet> sets, Index<StatefulSet> byNamespace) {
    this.queue = queue;
    this.sets = sets;
    this.byNamespace = byNamespace;
  }

  /** Registers with the informers; do so before they are fed. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      Informer<StatefulSet> sets,
      Index<StatefulSet> byNamespace,
      Informer<Pod> pods,
      Informer<PersistentVolumeClaim> claims) {
    StatefulSetTriggers triggers = new StatefulSetTriggers(queue, sets.lister(), byNamespace);
    sets.onChange((_, now) -> {
      if (now != null) {
        queue.add(now.key());
      }
    });
    pods.onChange((old, now) -> {
      triggers.wakeOwner(old);
      triggers.wakeOwner(now);
      triggers.wakeAdopters(now);
    });
    claims.onChange((old, now) -> {
      if (now == null) {
        triggers.wakeClaimants(old);
      }
    });
  }

  private void wakeOwner(@Nullable Pod pod) {
    if (pod != null) {
      pod.metadata()
          .controllerRef()
          .filter(ref -> ref.kind().equals("StatefulSet"))
          .ifPresent(ref -> queue.add(new ObjectKey(pod.metadata().namespace(), ref.name())));
    }
  }

  private void wakeAdopters(@Nullable Pod pod) {
    if (pod != null && pod.active() && pod.metadata().controllerRef().isEmpty()) {
      sets.by(byNamespace, pod.metadata().namespace()).stream()
          .filter(set -> set.spec().selector().matches(pod.metadata().labels()))
          .forEach(set -> queue.add(set.key()));
    }
  }

  /** A pod may be waiting for an old claim of its name to be gone. */
  private void wakeClaimants(@Nullable PersistentVolumeClaim claim) {
    if (claim != null) {
      String name = claim.metadata().name();
      sets.by(byNamespace, claim.metadata().namespace()).stream()
          .filter(set -> name.contains("-" + set.metadata().name() + "-"))
          .forEach(set -> queue.add(set.key()));
    }
  }
}
