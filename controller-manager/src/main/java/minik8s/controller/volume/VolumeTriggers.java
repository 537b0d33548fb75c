package minik8s.controller.volume;

import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectReference;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.StorageClass;
import minik8s.client.informer.Informer;
import minik8s.control.WorkQueue;
import org.jspecify.annotations.Nullable;

/**
 * Which changes wake which claim or volume. Handlers only take notes. A key with a namespace is a
 * claim, one without a volume.
 */
public final class VolumeTriggers {
  private final WorkQueue<ObjectKey> queue;
  private final Informer<PersistentVolumeClaim> claims;

  private VolumeTriggers(WorkQueue<ObjectKey> queue, Informer<PersistentVolumeClaim> claims) {
    this.queue = queue;
    this.claims = claims;
  }

  /** Registers with the informers; do so before they are fed. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      Informer<PersistentVolumeClaim> claims,
      Informer<PersistentVolume> volumes,
      Informer<StorageClass> classes,
      Informer<Pod> pods) {
    VolumeTriggers triggers = new VolumeTriggers(queue, claims);
    claims.onChange(triggers::claimChanged);
    volumes.onChange(triggers::volumeChanged);
    pods.onChange(triggers::podChanged);
    classes.onChange((_, now) -> {
      if (now != null) {
        triggers.wakePending();
      }
    });
  }

  private void claimChanged(
      @Nullable PersistentVolumeClaim old, @Nullable PersistentVolumeClaim now) {
    wake(now);
    PersistentVolumeClaim known = now == null ? old : now;
    if (known != null && !known.spec().volumeName().isEmpty()) {
      queue.add(ObjectKey.cluster(known.spec().volumeName()));
    }
  }

  private void volumeChanged(@Nullable PersistentVolume old, @Nullable PersistentVolume now) {
    wake(now);
    PersistentVolume known = now == null ? old : now;
    ObjectReference ref = known == null ? null : known.spec().claimRef();
    if (ref != null) {
      queue.add(new ObjectKey(ref.namespace(), ref.name()));
    } else if (now != null && now.status().phase().equals("Available")) {
      wakePending();
    }
  }

  /** A free volume or a new class may be what some claim waits for. */
  private void wakePending() {
    claims.lister().all().stream()
        .filter(claim -> claim.spec().volumeName().isEmpty())
        .forEach(this::wake);
  }

  private void podChanged(@Nullable Pod old, @Nullable Pod now) {
    boolean matters =
        old == null
            || now == null
            || old.finished() != now.finished()
            || old.bound() != now.bound();
    Pod known = now == null ? old : now;
    if (matters && known != null) {
      for (String claim : ClaimUse.claims(known)) {
        int slash = claim.indexOf('/');
        queue.add(new ObjectKey(claim.substring(0, slash), claim.substring(slash + 1)));
      }
    }
  }

  private void wake(@Nullable KubeObject object) {
    if (object != null) {
      queue.add(object.key());
    }
  }
}
