package minik8s.kubelet.runtime;

import java.util.List;

/**
 * Everything that the runtime needs to create one container. Immutable.
 *
 * @param container the name in the pod; {@link ObservedContainer#SANDBOX} for the sandbox
 * @param entrypoint empty for the image's own
 * @param args empty for the image's own, unless an entrypoint is given
 * @param env as {@code NAME=value}
 */
public record ContainerConfig(
    PodRef pod,
    String container,
    int attempt,
    String hash,
    long graceSeconds,
    String image,
    List<String> entrypoint,
    List<String> args,
    List<String> env,
    String workingDir,
    List<Mount> mounts,
    Network network,
    Limits limits,
    Security security,
    boolean stdin,
    boolean stdinOnce,
    boolean tty) {

  /** A directory or file of the node inside the container. */
  public record Mount(String hostPath, String containerPath, boolean readOnly) {}

  /** Which network the container sees. */
  public sealed interface Network {
    /** One of its own, with the pod's names and ports. */
    record Own(String hostname, List<PortMapping> ports) implements Network {}

    /** The node's. */
    record Host() implements Network {}

    /** That of a sandbox, with its IPC. */
    record Joined(String sandboxId) implements Network {}
  }

  /** A published port. */
  public record PortMapping(String hostIp, int hostPort, int containerPort, String protocol) {}

  /**
   * Ceilings and weights; 0 means none.
   *
   * @param cpuQuotaMicros microseconds of CPU per 100 ms
   */
  public record Limits(int cpuShares, long cpuQuotaMicros, long memoryBytes) {
    public static final Limits NONE = new Limits(0, 0, 0);
  }

  /**
   * Privileges.
   *
   * @param user {@code uid} or {@code uid:gid}; empty for the image's own
   */
  public record Security(
      String user,
      boolean privileged,
      boolean readOnlyRoot,
      List<String> capAdd,
      List<String> capDrop,
      List<String> groups) {
    public static final Security DEFAULT =
        new Security("", false, false, List.of(), List.of(), List.of());
  }

  /** The container's name in the engine; it carries the uid, so that creating is idempotent. */
  public String engineName() {
    return "k8s_"
        + container
        + "_"
        + pod.name()
        + "_"
        + pod.namespace()
        + "_"
        + pod.uid()
        + "_"
        + attempt;
  }
}
