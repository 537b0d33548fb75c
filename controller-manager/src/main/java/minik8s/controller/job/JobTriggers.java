package minik8s.controller.job;

import java.util.List;
import minik8s.api.Job;
import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.WorkQueue;
import minik8s.controller.pods.Unseen;
import org.jspecify.annotations.Nullable;

/** Which changes wake which job. Handlers only take notes. */
public final class JobTriggers {
  private final WorkQueue<ObjectKey> queue;
  private final JobReconciler reconciler;
  private final Lister<Job> jobs;
  private final Index<Job> byNamespace;
  private final Unseen unseen;

  private JobTriggers(
      WorkQueue<ObjectKey> queue,
      JobReconciler reconciler,
      Lister<Job> jobs,
      Index<Job> byNamespace) {
    this.queue = queue;
    this.reconciler = reconciler;
    this.jobs = jobs;
    this.byNamespace = byNamespace;
    this.unseen = reconciler.unseen();
  }

  /** Files pods that are held for a job under the job's name, whether or not it exists. */
  public static Index<Pod> trackedByJob() {
    return new Index<>(
        "tracked-by-job",
        pod ->
            JobPods.tracked(pod)
                ? pod.metadata()
                    .controllerRef()
                    .filter(ref -> ref.kind().equals("Job"))
                    .map(ref -> List.of(owner(pod, ref).toString()))
                    .orElse(List.of())
                : List.of());
  }

  /** Registers with the informers; do so before they are fed. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      JobReconciler reconciler,
      Informer<Job> jobs,
      Index<Job> byNamespace,
      Informer<Pod> pods) {
    JobTriggers triggers = new JobTriggers(queue, reconciler, jobs.lister(), byNamespace);
    jobs.onChange(triggers::jobChanged);
    pods.onChange(triggers::podChanged);
  }

  private void jobChanged(@Nullable Job old, @Nullable Job now) {
    if (old != null && (now == null || !now.uid().equals(old.uid()))) {
      reconciler.forget(old.uid());
      queue.add(old.key());
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
      if (now.metadata().controllerRef().isEmpty()) {
        jobs.by(byNamespace, now.metadata().namespace()).stream()
            .filter(job -> job.spec().selector().matches(now.metadata().labels()))
            .forEach(job -> queue.add(job.key()));
      }
    }
  }

  private void podSeen(Pod pod, boolean gone) {
    pod.metadata()
        .controllerRef()
        .filter(ref -> ref.kind().equals("Job"))
        .ifPresent(ref -> podSeen(pod, ref, gone));
  }

  private void podSeen(Pod pod, OwnerReference owner, boolean gone) {
    unseen.settleCreated(owner.uid(), JobReconciler.noteOf(pod));
    if (gone || pod.metadata().deleting() || pod.finished()) {
      unseen.settleDeleted(owner.uid(), pod.uid());
    }
    queue.add(owner(pod, owner));
  }

  private static ObjectKey owner(Pod pod, OwnerReference ref) {
    return new ObjectKey(pod.metadata().namespace(), ref.name());
  }
}
