package minik8s.api;

import java.util.Map;
import minik8s.api.codec.Raw;

/** How much a namespace may have. Immutable. */
public record ResourceQuota(ObjectMeta metadata, Raw spec, Status status) implements KubeObject {
  /** The endpoint. */
  public static final Resource<ResourceQuota> RESOURCE =
      new Resource<>("", "v1", "resourcequotas", "ResourceQuota", true, ResourceQuota.class);

  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public ResourceQuota {
    status = status == null ? new Status(Map.of(), Map.of()) : status;
  }

  /**
   * What counts now.
   *
   * @param hard the limits in force; empty until the controller has counted
   * @param used what is taken of each
   */
  public record Status(Map<String, Quantity> hard, Map<String, Quantity> used) {
    public Status {
      hard = Lists.of(hard);
      used = Lists.of(used);
    }
  }
}
