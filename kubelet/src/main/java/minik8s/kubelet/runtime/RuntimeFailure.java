package minik8s.kubelet.runtime;

import org.jspecify.annotations.Nullable;

/** The container runtime did not do what was asked. */
public final class RuntimeFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What that means for the caller. */
  public enum Reason {
    /** It did not answer; everything may be tried again later. */
    DOWN,
    /** No such container. */
    NO_CONTAINER,
    /** The image is not on this node. */
    NO_IMAGE,
    /** It refused. */
    REFUSED
  }

  private final Reason reason;

  public RuntimeFailure(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  public boolean down() {
    return reason == Reason.DOWN;
  }
}
