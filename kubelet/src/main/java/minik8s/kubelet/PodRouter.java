package minik8s.kubelet;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minik8s.api.Pod;
import minik8s.client.informer.Informer;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.runtime.RuntimePicture;
import minik8s.kubelet.sync.PodWorkers;
import minik8s.kubelet.volume.PodVolumes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings news to the workers: pods from the API server, changes from the runtime, and what the
 * runtime or the disk still have of pods that the API server no longer knows. Thread-safe.
 */
final class PodRouter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodRouter.class);

  private final Informer<Pod> pods;
  private final PodWorkers workers;
  private final RuntimePicture picture;
  private final PodVolumes volumes;
  private final StaticPods statics;
  private @Nullable Thread thread;

  PodRouter(
      Informer<Pod> pods,
      PodWorkers workers,
      RuntimePicture picture,
      PodVolumes volumes,
      StaticPods statics) {
    this.pods = pods;
    this.workers = workers;
    this.picture = picture;
    this.volumes = volumes;
    this.statics = statics;
    pods.onChange(this::changed);
    picture.onChange(this::observed);
  }

  void start() {
    thread =
        Thread.ofVirtual()
            .name("orphans")
            .start(() -> {
              try {
                pods.awaitSync();
                cleanUp();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void changed(@Nullable Pod old, @Nullable Pod now) {
    if ((now == null || now.mirror()) && (old == null || old.mirror())) {
      statics.mirrorChanged(old, now);
      return;
    }
    if (old != null && (now == null || !now.uid().equals(old.uid()))) {
      workers.gone(old);
    }
    if (now != null) {
      workers.update(now);
    }
  }

  private void observed(PodRef ref) {
    if (workers.uids().contains(ref.uid())) {
      workers.poke(ref.uid());
    } else if (pods.synced() && !picture.pod(ref.uid()).isEmpty() && !known(ref.uid())) {
      orphan(ref);
    }
  }

  private boolean known(String uid) {
    return statics.known(uid)
        || pods.lister().all().stream().anyMatch(pod -> pod.uid().equals(uid));
  }

  /** What was deleted while no kubelet ran. */
  private void cleanUp() {
    Set<String> left = new HashSet<>(volumes.uids());
    for (PodRef ref : picture.pods()) {
      left.remove(ref.uid());
      if (!known(ref.uid())) {
        orphan(ref);
      }
    }
    left.stream().filter(uid -> !known(uid)).forEach(uid -> orphan(new PodRef(uid, "", uid)));
  }

  private void orphan(PodRef ref) {
    LOG.info("pod {} is unknown to the API server, removing what is left of it", ref);
    List<ObservedContainer> containers = picture.pod(ref.uid()).all();
    workers.orphan(ref, containers);
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
