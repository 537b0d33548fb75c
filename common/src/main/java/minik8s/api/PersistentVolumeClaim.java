package minik8s.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A wish for storage. Immutable. */
public record PersistentVolumeClaim(ObjectMeta metadata, Spec spec, Status status)
    implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public PersistentVolumeClaim {
    spec = spec == null ? new Spec(List.of(), null, null, "", null, "") : spec;
    status = status == null ? new Status("", List.of(), Map.of(), List.of()) : status;
  }

  /**
   * What is wished for.
   *
   * @param resources {@code requests.storage} is the least size
   * @param volumeName the volume that it has or insists on; empty for none yet
   * @param storageClassName null asks for the default class, empty for volumes without a class
   * @param volumeMode {@code Filesystem} (the default) or {@code Block}
   */
  public record Spec(
      List<String> accessModes,
      @Nullable LabelSelector selector,
      Container.@Nullable Resources resources,
      String volumeName,
      @Nullable String storageClassName,
      String volumeMode) {
    public Spec {
      accessModes = Lists.of(accessModes);
      volumeName = Lists.of(volumeName);
      volumeMode = volumeMode == null || volumeMode.isEmpty() ? "Filesystem" : volumeMode;
    }

    /** The least size wished for; 0 when none is given. */
    public Quantity storage() {
      return resources == null
          ? Quantity.ZERO
          : resources.requests().getOrDefault("storage", Quantity.ZERO);
    }
  }

  /** {@code Pending}, {@code Bound} or {@code Lost}, and what the bound volume offers. */
  public record Status(
      String phase,
      List<String> accessModes,
      Map<String, Quantity> capacity,
      List<Condition> conditions) {
    public Status {
      phase = Lists.of(phase);
      accessModes = Lists.of(accessModes);
      capacity = Lists.of(capacity);
      conditions = Lists.of(conditions);
    }
  }
}
