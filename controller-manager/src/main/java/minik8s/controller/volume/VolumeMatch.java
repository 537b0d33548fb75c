package minik8s.controller.volume;

import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import minik8s.api.LabelSelector;
import minik8s.api.Node;
import minik8s.api.ObjectReference;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.PodSpec;
import minik8s.api.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * Which volume suits a claim. Pure. Source: Kubernetes' {@code FindMatchingVolume}: the smallest
 * that has what is asked for.
 */
final class VolumeMatch {
  private VolumeMatch() {}

  /** The class of a claim; empty for none. */
  static String classOf(PersistentVolumeClaim claim) {
    String old = claim.metadata().annotations().get(Marks.OLD_CLASS);
    return old != null ? old : Objects.requireNonNullElse(claim.spec().storageClassName(), "");
  }

  private static String classOf(PersistentVolume volume) {
    String old = volume.metadata().annotations().get(Marks.OLD_CLASS);
    return old != null ? old : volume.spec().storageClassName();
  }

  /** Whether the volume is kept for this claim, by name or by uid. */
  static boolean keptFor(PersistentVolume volume, PersistentVolumeClaim claim) {
    ObjectReference ref = volume.spec().claimRef();
    return ref != null
        && ref.name().equals(claim.metadata().name())
        && ref.namespace().equals(claim.metadata().namespace())
        && (ref.uid().isEmpty() || ref.uid().equals(claim.uid()));
  }

  /** The volume that is kept for the claim already. */
  static Optional<PersistentVolume> kept(
      Collection<PersistentVolume> volumes, PersistentVolumeClaim claim) {
    return volumes.stream()
        .filter(volume -> !volume.metadata().deleting() && keptFor(volume, claim))
        .min(Comparator.comparing(volume -> volume.metadata().name()));
  }

  /**
   * The best of the free volumes.
   *
   * @param node where the first pod will be; null when that does not matter
   */
  static Optional<PersistentVolume> best(
      Collection<PersistentVolume> volumes, PersistentVolumeClaim claim, @Nullable Node node) {
    return volumes.stream()
        .filter(volume -> !volume.metadata().deleting() && volume.spec().claimRef() == null)
        .filter(volume -> volume.status().phase().equals("Available"))
        .filter(volume -> suits(volume, claim))
        .filter(volume -> node == null || reachable(volume, node))
        .min(
            Comparator.<PersistentVolume, java.math.BigDecimal>comparing(v -> size(v).amount())
                .thenComparing(volume -> volume.metadata().name()));
  }

  private static boolean suits(PersistentVolume volume, PersistentVolumeClaim claim) {
    LabelSelector selector = claim.spec().selector();
    return classOf(volume).equals(classOf(claim))
        && volume.spec().volumeMode().equals(claim.spec().volumeMode())
        && volume.spec().accessModes().containsAll(claim.spec().accessModes())
        && size(volume).compareAmount(claim.spec().storage()) >= 0
        && (selector == null || selector.matches(volume.metadata().labels()));
  }

  static Quantity size(PersistentVolume volume) {
    return volume.spec().capacity().getOrDefault("storage", Quantity.ZERO);
  }

  private static boolean reachable(PersistentVolume volume, Node node) {
    PersistentVolume.VolumeNodeAffinity affinity = volume.spec().nodeAffinity();
    PodSpec.NodeSelector required = affinity == null ? null : affinity.required();
    return required == null
        || required.nodeSelectorTerms().stream().anyMatch(term -> term.matches(node));
  }
}
