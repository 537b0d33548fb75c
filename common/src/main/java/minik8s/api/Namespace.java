package minik8s.api;

import java.util.List;

/** A room of names. Immutable. */
public record Namespace(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public Namespace {
    spec = spec == null ? new Spec(List.of()) : spec;
    status = status == null ? new Status("", List.of()) : status;
  }

  /** Who must still clean up before the namespace may go. */
  public record Spec(List<String> finalizers) {
    public Spec {
      finalizers = Lists.of(finalizers);
    }
  }

  /** {@code Active} or {@code Terminating}. */
  public record Status(String phase, List<Condition> conditions) {
    public Status {
      phase = Lists.of(phase);
      conditions = Lists.of(conditions);
    }
  }
}
