package minik8s.controller.deployment;

import minik8s.api.Deployment;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.WorkQueue;
import minik8s.controller.owner.OwnWrites;
import org.jspecify.annotations.Nullable;

/** Which changes wake which deployment. Handlers only take notes. */
public final class DeploymentTriggers {
  private final WorkQueue<ObjectKey> queue;
  private final Lister<Deployment> deployments;
  private final Index<Deployment> byNamespace;
  private final Lister<ReplicaSet> sets;

  private DeploymentTriggers(
      WorkQueue<ObjectKey> queue,
      Lister<Deployment> deployments,
      Index<Deployment> byNamespace,
      Lister<ReplicaSet> sets) {
    this.queue = queue;
    this.deployments = deployments;
    this.byNamespace = byNamespace;
    this.sets = sets;
  }

  /** Registers with the informers; do so before they are fed. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      DeploymentReconciler reconciler,
      Informer<Deployment> deployments,
      Index<Deployment> byNamespace,
      Informer<ReplicaSet> sets,
      Informer<Pod> pods) {
    DeploymentTriggers triggers =
        new DeploymentTriggers(queue, deployments.lister(), byNamespace, sets.lister());
    deployments.onChange((old, now) -> triggers.wake(now == null ? old : now));
    OwnWrites<ReplicaSet> written = reconciler.written();
    sets.onChange((old, now) -> {
      if (old != null && (now == null || !now.uid().equals(old.uid()))) {
        written.gone(old.uid());
      }
      if (now != null) {
        written.shown(now);
      }
      triggers.wakeOwner(old);
      triggers.wakeOwner(now);
      triggers.wakeAdopters(now);
    });
    pods.onChange((old, now) -> {
      if (now == null || now.finished()) {
        triggers.wakeRecreating(old == null ? now : old);
      }
    });
  }

  private void wake(@Nullable KubeObject deployment) {
    if (deployment != null) {
      queue.add(deployment.key());
    }
  }

  private void wakeOwner(@Nullable ReplicaSet set) {
    if (set != null) {
      set.metadata()
          .controllerRef()
          .filter(ref -> ref.kind().equals("Deployment"))
          .ifPresent(ref -> queue.add(new ObjectKey(set.metadata().namespace(), ref.name())));
    }
  }

  private void wakeAdopters(@Nullable ReplicaSet set) {
    if (set != null && set.metadata().controllerRef().isEmpty()) {
      deployments.by(byNamespace, set.metadata().namespace()).stream()
          .filter(d -> d.spec().selector().matches(set.metadata().labels()))
          .forEach(this::wake);
    }
  }

  /** Strategy Recreate waits for the last old pod to be gone. */
  private void wakeRecreating(@Nullable Pod pod) {
    if (pod != null) {
      pod.metadata()
          .controllerRef()
          .filter(ref -> ref.kind().equals("ReplicaSet"))
          .flatMap(ref -> sets.get(new ObjectKey(pod.metadata().namespace(), ref.name())))
          .flatMap(set -> set.metadata().controllerRef())
          .flatMap(ref -> deployments.get(new ObjectKey(pod.metadata().namespace(), ref.name())))
          .filter(Rollout::recreates)
          .ifPresent(this::wake);
    }
  }
}
