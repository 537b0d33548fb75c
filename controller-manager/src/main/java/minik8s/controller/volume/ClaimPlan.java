package minik8s.controller.volume;

import java.util.Collection;
import java.util.Optional;
import minik8s.api.Node;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.StorageClass;
import org.jspecify.annotations.Nullable;

/**
 * Decides the next step of a claim. Pure. Source: {@code syncUnboundClaim} and {@code
 * syncBoundClaim} of Kubernetes' {@code pv_controller.go}.
 */
final class ClaimPlan {
  private ClaimPlan() {}

  /** What is to be done about a claim. */
  sealed interface Step {
    /** Keep the volume for the claim, then tell the claim. */
    record Bind(PersistentVolume volume) implements Step {}

    /** Make a volume. */
    record Provision(StorageClass storageClass, Node node) implements Step {}

    /** Leave it pending, and say why. */
    record Wait(String type, String reason, String message) implements Step {}

    /** Its volume is gone or somebody else's. */
    record Lose(String reason, String message) implements Step {}

    /** Let it go: it is being deleted and nobody uses it. */
    record Release() implements Step {}

    /** Nothing. */
    record Rest() implements Step {}
  }

  /**
   * What a plan looks at.
   *
   * @param volume the volume that the claim names; null when it names none or there is none
   * @param storageClass the claim's class; null when it has none or there is none
   * @param selected the node that the scheduler chose; null when it has not or the node is gone
   * @param any where to make a volume that no pod waits for; null when no node is ready
   * @param inUse whether a pod uses the claim
   * @param waiting a pod that uses the claim and has no node; empty for none
   */
  record View(
      PersistentVolumeClaim claim,
      Collection<PersistentVolume> volumes,
      @Nullable PersistentVolume volume,
      @Nullable StorageClass storageClass,
      @Nullable Node selected,
      @Nullable Node any,
      boolean inUse,
      String waiting) {}

  /** The next step. */
  static Step next(View view) {
    PersistentVolumeClaim claim = view.claim();
    if (claim.metadata().deleting()) {
      boolean held = claim.metadata().finalizers().contains(Marks.CLAIM_IN_USE);
      return held && !view.inUse() ? new Step.Release() : new Step.Rest();
    }
    return claim.spec().volumeName().isEmpty() ? unbound(view) : named(view);
  }

  private static Step named(View view) {
    PersistentVolumeClaim claim = view.claim();
    PersistentVolume volume = view.volume();
    boolean completed = claim.metadata().annotations().containsKey(Marks.BIND_COMPLETED);
    if (volume == null) {
      return completed
          ? new Step.Lose(
              "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
          : new Step.Rest();
    }
    if (volume.spec().claimRef() == null || VolumeMatch.keptFor(volume, claim)) {
      return new Step.Bind(volume);
    }
    return completed
        ? new Step.Lose(
            "ClaimMisbound",
            "Two claims are bound to the same volume, this one is bound incorrectly")
        : new Step.Wait(
            "Warning",
            "FailedBinding",
            "volume \"%s\" already bound to a different claim."
                .formatted(volume.metadata().name()));
  }

  private static Step unbound(View view) {
    PersistentVolumeClaim claim = view.claim();
    Optional<PersistentVolume> kept = VolumeMatch.kept(view.volumes(), claim);
    if (kept.isPresent()) {
      return new Step.Bind(kept.get());
    }
    StorageClass storageClass = view.storageClass();
    boolean waits = storageClass != null && storageClass.waitsForConsumer();
    if (waits && view.selected() == null) {
      return view.waiting().isEmpty()
          ? new Step.Wait(
              "Normal",
              "WaitForFirstConsumer",
              "waiting for first consumer to be created before binding")
          : new Step.Wait(
              "Normal",
              "WaitForPodScheduled",
              "waiting for pod " + view.waiting() + " to be scheduled");
    }
    Node node = waits ? view.selected() : null;
    Optional<PersistentVolume> best = VolumeMatch.best(view.volumes(), claim, node);
    return best.<Step>map(Step.Bind::new).orElseGet(() -> provision(view, storageClass));
  }

  private static Step provision(View view, @Nullable StorageClass storageClass) {
    String name = VolumeMatch.classOf(view.claim());
    if (name.isEmpty()) {
      return new Step.Wait(
          "Normal",
          "FailedBinding",
          "no persistent volumes available for this claim and no storage class is set");
    }
    if (storageClass == null) {
      return new Step.Wait(
          "Warning",
          "ProvisioningFailed",
          "storageclass.storage.k8s.io \"" + name + "\" not found");
    }
    if (storageClass.provisioner().equals(Marks.NO_PROVISIONER)) {
      return new Step.Rest();
    }
    if (!storageClass.provisioner().equals(Marks.LOCAL_PATH)) {
      return new Step.Wait(
          "Normal",
          "ExternalProvisioning",
          "Waiting for a volume to be created either by the external provisioner '%s' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
              .formatted(storageClass.provisioner()));
    }
    return local(view, storageClass);
  }

  private static Step local(View view, StorageClass storageClass) {
    Node node = view.selected() != null ? view.selected() : view.any();
    if (node == null) {
      return new Step.Wait(
          "Warning", "ProvisioningFailed", "no node is ready on which a folder could be made");
    }
    boolean shared =
        view.claim().spec().accessModes().stream()
            .anyMatch(mode -> mode.equals("ReadWriteMany") || mode.equals("ReadOnlyMany"));
    if (shared || view.claim().spec().volumeMode().equals("Block")) {
      return new Step.Wait(
          "Warning",
          "ProvisioningFailed",
          "failed to provision volume with StorageClass \"%s\": only ReadWriteOnce filesystems can be made of a node's folders"
              .formatted(storageClass.metadata().name()));
    }
    return new Step.Provision(storageClass, node);
  }
}
