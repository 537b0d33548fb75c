package minik8s.kubelet.sync;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import minik8s.api.ObjectMeta;
import minik8s.api.Pod;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.source.PodFields;
import minik8s.kubelet.source.SourceFailure;
import minik8s.kubelet.volume.PodVolumes;
import minik8s.kubelet.volume.PreparedVolume;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of one pod: made before its sandbox, kept up to date while it runs, removed after it.
 * Confined to the pod's worker, except {@link #changed}.
 */
final class VolumeKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeKeeper.class);

  /** Tokens in volumes are renewed on the way. */
  private static final Duration REFRESH = Duration.ofMinutes(5);

  private final Workshop shop;
  private final PodRef ref;
  private final PodEvents events;
  private final Notebook notes;
  private @Nullable Map<String, PreparedVolume> volumes;
  private Instant refreshAt = Instant.EPOCH;
  private ObjectMeta preparedFor = ObjectMeta.of("", "", Map.of());
  private volatile boolean stale;

  VolumeKeeper(Workshop shop, PodRef ref, PodEvents events, Notebook notes) {
    this.shop = shop;
    this.ref = ref;
    this.events = events;
    this.notes = notes;
  }

  /** Something that the volumes hold has changed; called from any thread. */
  void changed() {
    stale = true;
  }

  /** The volumes by name; makes them when this kubelet has not yet, null when that fails. */
  @Nullable Map<String, PreparedVolume> paths(Pod pod) {
    if (volumes == null) {
      var _ = prepare(pod);
    }
    return volumes;
  }

  /** What a volume waited for may have come: it is tried at once. */
  void retry() {
    if (stale && volumes == null) {
      stale = false;
      notes.keep(notes.memory().troubled(ObservedContainer.SANDBOX, null));
    }
  }

  /** Makes the volumes; false when it fails, which people are told. */
  boolean prepare(Pod pod) {
    if (PodVolumes.names(pod)) {
      shop.references().follow(pod);
    }
    preparing(pod);
    try {
      volumes = shop.volumes().prepare(fields(pod));
      return true;
    } catch (SourceFailure e) {
      events.warning("FailedMount", String.valueOf(e.getMessage()));
      notes.trouble(ObservedContainer.SANDBOX, "FailedMount", "", Duration.ofSeconds(1));
      return false;
    }
  }

  private void preparing(Pod pod) {
    stale = false;
    preparedFor = pod.metadata();
    refreshAt = notes.now().plus(REFRESH);
  }

  /** Brings the files of a running pod up to date; when to look again, null for never. */
  @Nullable Instant refresh(Pod pod) {
    ObservedContainer sandbox = shop.picture().pod(ref.uid()).sandbox();
    boolean alive = sandbox != null && sandbox.running();
    if (!alive || pod.metadata().deleting() || !PodVolumes.follows(pod)) {
      return null;
    }
    if (volumes == null) {
      // The pod was started by a kubelet before this one.
      var _ = prepare(pod);
    } else if (stale || relabelled(pod) || !notes.now().isBefore(refreshAt)) {
      preparing(pod);
      try {
        shop.volumes().prepare(fields(pod));
      } catch (SourceFailure e) {
        events.warning("FailedMount", String.valueOf(e.getMessage()));
      }
    }
    return refreshAt;
  }

  private boolean relabelled(Pod pod) {
    return !pod.metadata().labels().equals(preparedFor.labels())
        || !pod.metadata().annotations().equals(preparedFor.annotations());
  }

  /** The pod's fields as files and variables show them. */
  PodFields fields(Pod pod) {
    return new PodFields(pod, shop.nodeIp(), ip(pod), shop.allocatable());
  }

  /** The pod's address; empty while it has none. */
  String ip(Pod pod) {
    ObservedContainer sandbox = shop.picture().pod(ref.uid()).sandbox();
    return pod.spec().hostNetwork() ? shop.nodeIp() : sandbox == null ? "" : sandbox.ip();
  }

  void remove() {
    shop.references().release(ref.uid());
    try {
      shop.volumes().remove(ref.uid());
    } catch (IOException e) {
      LOG.warn("volumes of {} not removed: {}", ref, e.getMessage());
    }
  }
}
