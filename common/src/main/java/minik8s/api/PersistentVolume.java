package minik8s.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of storage that one claim can have. Immutable. */
public record PersistentVolume(ObjectMeta metadata, Spec spec, Status status)
    implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public PersistentVolume {
    spec =
        spec == null
            ? new Spec(Map.of(), List.of(), "", "", "", null, null, null, null, List.of(), null)
            : spec;
    status = status == null ? new Status("", "", "") : status;
  }

  /**
   * What the storage is.
   *
   * @param accessModes such as {@code ReadWriteOnce}
   * @param persistentVolumeReclaimPolicy {@code Retain}, {@code Delete} or {@code Recycle}
   * @param volumeMode {@code Filesystem} (the default) or {@code Block}
   * @param claimRef the claim that has it or shall have it; null while it is free
   * @param nodeAffinity the nodes from which it can be reached; null for all
   * @param csi a volume of a driver; null for every other source
   */
  public record Spec(
      Map<String, Quantity> capacity,
      List<String> accessModes,
      String persistentVolumeReclaimPolicy,
      String storageClassName,
      String volumeMode,
      @Nullable ObjectReference claimRef,
      @Nullable VolumeNodeAffinity nodeAffinity,
      Volume.@Nullable HostPath hostPath,
      @Nullable Local local,
      List<String> mountOptions,
      @Nullable Csi csi) {
    public Spec {
      capacity = Lists.of(capacity);
      accessModes = Lists.of(accessModes);
      persistentVolumeReclaimPolicy = Lists.of(persistentVolumeReclaimPolicy);
      storageClassName = Lists.of(storageClassName);
      volumeMode = volumeMode == null || volumeMode.isEmpty() ? "Filesystem" : volumeMode;
      mountOptions = Lists.of(mountOptions);
    }
  }

  /** The nodes from which a volume can be reached. */
  public record VolumeNodeAffinity(PodSpec.@Nullable NodeSelector required) {}

  /** A directory or disk of one node. */
  public record Local(String path) {
    public Local {
      path = Lists.of(path);
    }
  }

  /** A volume of a storage driver. */
  public record Csi(String driver, String volumeHandle) {
    public Csi {
      driver = Lists.of(driver);
      volumeHandle = Lists.of(volumeHandle);
    }
  }

  /** {@code Pending}, {@code Available}, {@code Bound}, {@code Released} or {@code Failed}. */
  public record Status(String phase, String message, String reason) {
    public Status {
      phase = Lists.of(phase);
      message = Lists.of(message);
      reason = Lists.of(reason);
    }
  }
}
