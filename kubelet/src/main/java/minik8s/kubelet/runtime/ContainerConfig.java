package minik8s.kubelet.runtime;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    Isolation isolation,
    Limits limits,
    Security security,
    boolean stdin,
    boolean stdinOnce,
    boolean tty) {

  /** A container with processes and kernel parameters of its own. */
  public ContainerConfig(
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
    this(
        pod,
        container,
        attempt,
        hash,
        graceSeconds,
        image,
        entrypoint,
        args,
        env,
        workingDir,
        mounts,
        network,
        Isolation.DEFAULT,
        limits,
        security,
        stdin,
        stdinOnce,
        tty);
  }

  /**
   * A directory or file of the node inside the container.
   *
   * @param propagation whether mounts made later are seen on the other side
   */
  public record Mount(
      String hostPath, String containerPath, boolean readOnly, Propagation propagation) {
    public Mount(String hostPath, String containerPath, boolean readOnly) {
      this(hostPath, containerPath, readOnly, Propagation.NONE);
    }
  }

  /** Which way mounts that are made under a mount travel. */
  public enum Propagation {
    NONE,
    /** The container sees what the node mounts. */
    TO_CONTAINER,
    /** The node sees what the container mounts, too. */
    BOTH_WAYS
  }

  /** Which network the container sees. */
  public sealed interface Network {
    /** One of its own, with the pod's names and ports. */
    record Own(String hostname, List<PortMapping> ports) implements Network {}

    /** The node's. */
    record Host() implements Network {}

    /** That of a sandbox, with its IPC. */
    record Joined(String sandboxId) implements Network {}
  }

  /**
   * Which namespaces other than the network the container sees, and what is set in them.
   *
   * @param hostIpc the node's IPC instead of the pod's
   * @param sysctls kernel parameters of the container's own namespaces
   * @param runtime the engine's name of an OCI runtime; empty for its default
   * @param cgroupParent the control group to be under; empty for the engine's own
   * @param devices of the node that the container sees
   */
  public record Isolation(
      Processes processes,
      boolean hostIpc,
      Map<String, String> sysctls,
      String runtime,
      String cgroupParent,
      List<NodeDevice> devices) {
    public static final Isolation DEFAULT =
        new Isolation(new Processes.Own(), false, Map.of(), "", "", List.of());

    /** The same, with these processes in sight. */
    public Isolation with(Processes others) {
      return new Isolation(others, hostIpc, sysctls, runtime, cgroupParent, devices);
    }
  }

  /** A device of the node inside the container. */
  public record NodeDevice(String hostPath, String containerPath, boolean readOnly) {}

  /** Whose processes the container sees. */
  public sealed interface Processes {
    /** Its own only. */
    record Own() implements Processes {}

    /** The node's. */
    record Host() implements Processes {}

    /** Those of another container, too. */
    record Of(String containerId) implements Processes {}
  }

  /** A published port. */
  public record PortMapping(String hostIp, int hostPort, int containerPort, String protocol) {}

  /**
   * Ceilings and weights; 0 means none.
   *
   * @param cpuQuotaMicros microseconds of CPU per 100 ms
   * @param oomScoreAdj how readily the kernel kills it when memory ends; -1000 to 1000
   * @param devices of each kind, by name of the engine's driver
   */
  public record Limits(
      int cpuShares,
      long cpuQuotaMicros,
      long memoryBytes,
      int oomScoreAdj,
      Map<String, List<String>> devices) {
    public static final Limits NONE = new Limits(0, 0, 0);

    public Limits(int cpuShares, long cpuQuotaMicros, long memoryBytes) {
      this(cpuShares, cpuQuotaMicros, memoryBytes, 0, Map.of());
    }
  }

  /**
   * Privileges.
   *
   * @param user {@code uid} or {@code uid:gid}; empty for the image's own
   * @param capAdd without the prefix {@code CAP_}; {@code ALL} is all that the engine can give
   * @param groups further group ids
   * @param noNewPrivileges whether programs that raise privileges are powerless
   * @param seccomp a profile as JSON, or {@code unconfined}; null for the engine's default
   * @param appArmor a profile's name; null for the engine's default
   * @param labels of SELinux, such as {@code level:s0:c1}
   * @param unmaskedProc whether all of {@code /proc} is visible
   */
  public record Security(
      String user,
      boolean privileged,
      boolean readOnlyRoot,
      List<String> capAdd,
      List<String> capDrop,
      List<String> groups,
      boolean noNewPrivileges,
      @Nullable String seccomp,
      @Nullable String appArmor,
      List<String> labels,
      boolean unmaskedProc) {
    public static final Security DEFAULT =
        new Security(
            "", false, false, List.of(), List.of(), List.of(), false, null, null, List.of(), false);
  }

  /** The same, with the processes of another container in sight. */
  public ContainerConfig withProcessesOf(String containerId) {
    return new ContainerConfig(
        pod,
        container,
        attempt,
        hash,
        graceSeconds,
        image,
        entrypoint,
        args,
        env,
        workingDir,
        mounts,
        network,
        isolation.with(new Processes.Of(containerId)),
        limits,
        security,
        stdin,
        stdinOnce,
        tty);
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
