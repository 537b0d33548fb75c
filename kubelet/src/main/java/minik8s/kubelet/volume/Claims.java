package minik8s.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectReference;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Volume;
import minik8s.kubelet.source.References;
import minik8s.kubelet.source.SourceFailure;

/**
 * The storage behind a pod's claims: directories and disks of this node. Stateless; asks {@link
 * References}. Source of the checks and words: Kubernetes' {@code
 * desired_state_of_world_populator}.
 */
final class Claims {
  private final References references;

  Claims(References references) {
    this.references = references;
  }

  /** What stands behind a claim. */
  record Storage(PreparedVolume volume, boolean ownable) {}

  /**
   * The storage of a volume that is a claim.
   *
   * @throws SourceFailure while the claim is not bound, or when its volume can't be used here
   */
  Storage storage(Pod pod, Volume volume) throws IOException {
    Volume.ClaimSource source = volume.persistentVolumeClaim();
    String name = source == null ? pod.metadata().name() + "-" + volume.name() : source.claimName();
    ObjectKey key = new ObjectKey(pod.metadata().namespace(), name);
    try {
      PersistentVolumeClaim claim = bound(key);
      if (source == null && !owned(claim, pod)) {
        throw new SourceFailure(
            "PVC " + key + " was not created for pod " + pod.key() + " (pod is not owner)");
      }
      PersistentVolume found = volume(claim);
      boolean block = claim.spec().volumeMode().equals("Block");
      return storage(found, source != null && source.readOnly(), block);
    } catch (SourceFailure e) {
      throw new SourceFailure(
          "Unable to attach or mount volumes: unmounted volumes=[%s], unattached volumes=[], failed to process volumes=[%s]: error processing PVC %s: %s"
              .formatted(volume.name(), volume.name(), key, e.getMessage()));
    }
  }

  private PersistentVolumeClaim bound(ObjectKey key) {
    PersistentVolumeClaim claim =
        references
            .claim(key)
            .orElseThrow(() ->
                new SourceFailure(
                    "failed to fetch PVC from API server: persistentvolumeclaims \""
                        + key.name()
                        + "\" not found"));
    if (claim.metadata().deleting()) {
      throw new SourceFailure("PVC is being deleted");
    }
    if (!claim.status().phase().equals("Bound") || claim.spec().volumeName().isEmpty()) {
      throw new SourceFailure("PVC is not bound");
    }
    return claim;
  }

  private static boolean owned(PersistentVolumeClaim claim, Pod pod) {
    return claim.metadata().ownerReferences().stream().anyMatch(o -> o.uid().equals(pod.uid()));
  }

  private PersistentVolume volume(PersistentVolumeClaim claim) {
    String name = claim.spec().volumeName();
    Optional<PersistentVolume> found = references.persistentVolume(name);
    ObjectReference holder = found.map(v -> v.spec().claimRef()).orElse(null);
    if (found.isEmpty()) {
      throw new SourceFailure("failed to get PV from API server: " + name + " not found");
    }
    if (holder == null || !holder.uid().equals(claim.uid())) {
      throw new SourceFailure("PV " + name + " is bound to another claim");
    }
    return found.get();
  }

  private static Storage storage(PersistentVolume volume, boolean readOnly, boolean block)
      throws IOException {
    PersistentVolume.Spec spec = volume.spec();
    if (spec.hostPath() != null) {
      Path path = HostPaths.check(spec.hostPath());
      return new Storage(new PreparedVolume(path, readOnly, block), false);
    }
    if (spec.local() != null) {
      Path path = Path.of(spec.local().path());
      if (!Files.exists(path)) {
        throw new SourceFailure("path \"" + path + "\" does not exist");
      }
      return new Storage(new PreparedVolume(path, readOnly, block), !block);
    }
    throw new SourceFailure(
        "PV " + volume.metadata().name() + " is of no type that this node can mount");
  }
}
