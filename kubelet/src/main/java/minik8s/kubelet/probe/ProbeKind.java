package minik8s.kubelet.probe;

import minik8s.api.Container;
import minik8s.api.Probe;
import org.jspecify.annotations.Nullable;

/** What a probe decides about. */
public enum ProbeKind {
  /** Whether the container is up at all; the other two wait for it. */
  STARTUP("Startup"),
  /** Whether the container lives; it is restarted when not. */
  LIVENESS("Liveness"),
  /** Whether the container gets traffic. */
  READINESS("Readiness");

  private final String title;

  ProbeKind(String title) {
    this.title = title;
  }

  /** As event messages begin. */
  public String title() {
    return title;
  }

  /** The container's probe of this kind; null when it has none. */
  public @Nullable Probe of(Container container) {
    return switch (this) {
      case STARTUP -> container.startupProbe();
      case LIVENESS -> container.livenessProbe();
      case READINESS -> container.readinessProbe();
    };
  }
}
