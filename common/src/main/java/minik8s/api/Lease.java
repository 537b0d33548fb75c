package minik8s.api;

import org.jspecify.annotations.Nullable;

/** A lock with an expiry: leaders hold one, nodes renew one as their heartbeat. Immutable. */
public record Lease(ObjectMeta metadata, Spec spec) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public Lease {
    spec = spec == null ? new Spec("", null, null, null, null) : spec;
  }

  /** Who holds it, for how many seconds, since when, and how often it changed hands. */
  public record Spec(
      String holderIdentity,
      @Nullable Integer leaseDurationSeconds,
      @Nullable MicroTime acquireTime,
      @Nullable MicroTime renewTime,
      @Nullable Integer leaseTransitions) {
    public Spec {
      holderIdentity = Lists.of(holderIdentity);
    }
  }
}
