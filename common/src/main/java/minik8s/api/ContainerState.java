package minik8s.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a container is in its life; written in Kubernetes' wrapper-object shape. Immutable. */
public sealed interface ContainerState {
  /** Not running yet, with why. */
  record Waiting(String reason, String message) implements ContainerState {
    public Waiting {
      reason = Lists.of(reason);
      message = Lists.of(message);
    }
  }

  /** Running since. */
  record Running(@Nullable Instant startedAt) implements ContainerState {}

  /** Ended, with how. */
  record Terminated(
      int exitCode,
      @Nullable Integer signal,
      String reason,
      String message,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      String containerID)
      implements ContainerState {
    public Terminated {
      reason = Lists.of(reason);
      message = Lists.of(message);
      containerID = Lists.of(containerID);
    }
  }

  /** The JSON shape: an object with at most one of three members. */
  record Shape(
      @Nullable Waiting waiting, @Nullable Running running, @Nullable Terminated terminated) {}

  /** Reads the JSON shape; an empty object counts as waiting, as Kubernetes has it. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ContainerState of(Shape shape) {
    if (shape.terminated != null) {
      return shape.terminated;
    }
    if (shape.running != null) {
      return shape.running;
    }
    return shape.waiting != null ? shape.waiting : new Waiting("", "");
  }
}
