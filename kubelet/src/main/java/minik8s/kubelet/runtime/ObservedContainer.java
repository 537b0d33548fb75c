package minik8s.kubelet.runtime;

import java.time.Instant;

/**
 * One container as the runtime reported it. Immutable.
 *
 * @param name the container's name in the pod; {@link #SANDBOX} for the sandbox
 * @param attempt how many runs of this name came before
 * @param hash of the part of the spec whose change needs a new container
 * @param sandboxId the sandbox that it joined; empty for a sandbox
 * @param ip the sandbox's address; empty otherwise and on the host's network
 * @param stopSignal what asks it to end, such as {@code SIGTERM}
 * @param graceSeconds how long to wait between SIGTERM and SIGKILL when the pod is unknown
 */
public record ObservedContainer(
    String id,
    PodRef pod,
    String name,
    int attempt,
    String hash,
    String sandboxId,
    State state,
    String imageId,
    Instant createdAt,
    String ip,
    String stopSignal,
    long graceSeconds) {
  /** The name of the container that holds a pod's namespaces. */
  public static final String SANDBOX = "POD";

  /** Where the container is in its life. */
  public sealed interface State {
    /** There, not started yet. */
    record Created() implements State {}

    record Running(Instant startedAt) implements State {}

    /**
     * Ended, or never able to start.
     *
     * @param error why it could not start; empty when it ran
     */
    record Exited(int code, boolean oomKilled, String error, Instant startedAt, Instant finishedAt)
        implements State {}
  }

  public boolean sandbox() {
    return name.equals(SANDBOX);
  }

  public boolean running() {
    return state instanceof State.Running;
  }

  public boolean exited() {
    return state instanceof State.Exited;
  }

  /** The same container in another state. */
  public ObservedContainer in(State next) {
    return new ObservedContainer(
        id,
        pod,
        name,
        attempt,
        hash,
        sandboxId,
        next,
        imageId,
        createdAt,
        ip,
        stopSignal,
        graceSeconds);
  }
}
