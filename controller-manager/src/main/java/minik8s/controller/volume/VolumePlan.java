package minik8s.controller.volume;

import java.util.Optional;
import minik8s.api.ObjectReference;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;

/**
 * Decides the next step of a volume. Pure. Source: {@code syncVolume} of Kubernetes' {@code
 * pv_controller.go}.
 */
final class VolumePlan {
  private VolumePlan() {}

  /** What is to be done about a volume. */
  sealed interface Step {
    /** Say how it stands. */
    record Phase(String phase) implements Step {}

    /** Its claim is gone: delete it and what is on it. */
    record Reclaim() implements Step {}

    /** Nobody here can do what its policy asks for. */
    record Refuse(String reason, String message) implements Step {}

    /** Make it free: its claim took another one. */
    record Free() implements Step {}

    /** Let it go: it is being deleted and no claim has it. */
    record Release() implements Step {}

    /** Look at its claim, which decides. */
    record Ask() implements Step {}

    /** Nothing. */
    record Rest() implements Step {}
  }

  /**
   * The next step.
   *
   * @param claim the object that has the name in {@code claimRef} now; empty when there is none
   */
  static Step next(PersistentVolume volume, Optional<PersistentVolumeClaim> claim) {
    ObjectReference ref = volume.spec().claimRef();
    boolean ours =
        ref != null
            && !ref.uid().isEmpty()
            && claim.filter(c -> c.uid().equals(ref.uid())).isPresent();
    if (volume.metadata().deleting()) {
      boolean held = volume.metadata().finalizers().contains(Marks.VOLUME_IN_USE);
      boolean taken = ours && claim.get().spec().volumeName().equals(volume.metadata().name());
      return held && !taken ? new Step.Release() : new Step.Rest();
    }
    if (ref == null) {
      return phase(volume, "Available");
    }
    if (ref.uid().isEmpty()) {
      return claim.isPresent() ? new Step.Ask() : phase(volume, "Available");
    }
    if (!ours) {
      return released(volume);
    }
    String taken = claim.get().spec().volumeName();
    if (taken.equals(volume.metadata().name())) {
      return phase(volume, "Bound");
    }
    if (taken.isEmpty()) {
      return new Step.Ask();
    }
    boolean made = volume.metadata().annotations().containsKey(Marks.PROVISIONED_BY);
    return made ? released(volume) : new Step.Free();
  }

  private static Step phase(PersistentVolume volume, String phase) {
    return volume.status().phase().equals(phase) ? new Step.Rest() : new Step.Phase(phase);
  }

  private static Step released(PersistentVolume volume) {
    if (!volume.status().phase().equals("Released") && !volume.status().phase().equals("Failed")) {
      return new Step.Phase("Released");
    }
    return switch (volume.spec().persistentVolumeReclaimPolicy()) {
      case "Delete" -> delete(volume);
      case "Recycle" ->
          refuse(volume, "VolumeRecycleFailed", "no recyclable volume plugin matched");
      default -> new Step.Rest();
    };
  }

  private static Step delete(PersistentVolume volume) {
    String maker = volume.metadata().annotations().getOrDefault(Marks.PROVISIONED_BY, "");
    if (maker.equals(Marks.LOCAL_PATH)) {
      return new Step.Reclaim();
    }
    // A volume that another provisioner made is that one's to delete.
    return maker.isEmpty()
        ? refuse(
            volume,
            "VolumeFailedDelete",
            "error getting deleter volume plugin for volume \"%s\": no deletable volume plugin matched"
                .formatted(volume.metadata().name()))
        : new Step.Rest();
  }

  private static Step refuse(PersistentVolume volume, String reason, String message) {
    return volume.status().phase().equals("Failed")
        ? new Step.Rest()
        : new Step.Refuse(reason, message);
  }
}
