package minik8s.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet saw of a pod. Immutable.
 *
 * @param phase {@code Pending}, {@code Running}, {@code Succeeded}, {@code Failed} or {@code
 *     Unknown}
 */
public record PodStatus(
    String phase,
    List<Condition> conditions,
    String message,
    String reason,
    String nominatedNodeName,
    String hostIP,
    List<Ip> hostIPs,
    String podIP,
    List<Ip> podIPs,
    @Nullable Instant startTime,
    List<ContainerStatus> initContainerStatuses,
    List<ContainerStatus> containerStatuses,
    String qosClass,
    @Nullable Long observedGeneration,
    List<ContainerStatus> ephemeralContainerStatuses) {
  static final PodStatus EMPTY =
      new PodStatus(
          "", List.of(), "", "", "", "", List.of(), "", List.of(), null, List.of(), List.of(), "",
          null, List.of());

  public PodStatus {
    phase = Lists.of(phase);
    conditions = Lists.of(conditions);
    message = Lists.of(message);
    reason = Lists.of(reason);
    nominatedNodeName = Lists.of(nominatedNodeName);
    hostIP = Lists.of(hostIP);
    hostIPs = Lists.of(hostIPs);
    podIP = Lists.of(podIP);
    podIPs = Lists.of(podIPs);
    initContainerStatuses = Lists.of(initContainerStatuses);
    containerStatuses = Lists.of(containerStatuses);
    qosClass = Lists.of(qosClass);
    ephemeralContainerStatuses = Lists.of(ephemeralContainerStatuses);
  }

  /** One address. */
  public record Ip(String ip) {}

  /**
   * One container's state.
   *
   * @param lastState how the previous run ended; null when there was none
   * @param restartCount how many runs ended before the present one
   */
  public record ContainerStatus(
      String name,
      ContainerState state,
      @Nullable ContainerState lastState,
      boolean ready,
      int restartCount,
      String image,
      String imageID,
      String containerID,
      @Nullable Boolean started) {
    public ContainerStatus {
      name = Lists.of(name);
      image = Lists.of(image);
      imageID = Lists.of(imageID);
      containerID = Lists.of(containerID);
    }
  }
}
