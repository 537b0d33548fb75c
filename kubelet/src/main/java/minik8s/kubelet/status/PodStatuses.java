package minik8s.kubelet.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import minik8s.api.ContainerState;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.api.PodStatus.ContainerStatus;
import minik8s.kubelet.probe.Health;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedPod;
import org.jspecify.annotations.Nullable;

/**
 * Computes a pod's status from what runs. Pure. Times are whole seconds, as on the wire, so that
 * equal statuses compare equal. Its rooms: {@link ContainerStatuses}, {@link PodPhase}, {@link
 * PodConditions}.
 */
public final class PodStatuses {
  /**
   * Facts that the runtime does not tell.
   *
   * @param waiting why containers wait, by name
   * @param messages what ended containers left as termination message, by container id
   * @param health what probes and hooks say of running containers, by container id
   */
  public record Facts(
      String hostIp,
      Map<String, ContainerState.Waiting> waiting,
      Map<String, String> messages,
      Map<String, Health> health) {}

  private record Ended(String phase, String reason, String message) {}

  private PodStatuses() {}

  /**
   * The status.
   *
   * @param pod with the status as last written
   */
  public static PodStatus of(Pod pod, ObservedPod observed, Facts facts, Instant moment) {
    Instant now = moment.truncatedTo(ChronoUnit.SECONDS);
    ContainerStatuses statuses = new ContainerStatuses(pod, observed, facts, now);
    List<ContainerStatus> inits = statuses.of(pod.spec().initContainers());
    List<ContainerStatus> apps = statuses.of(pod.spec().containers());
    boolean begun = apps.stream().anyMatch(s -> !s.containerID().isEmpty());
    Ended end = end(pod, observed, PodPhase.of(pod, inits, apps, begun), moment);
    ObservedContainer sandbox = observed.sandbox();
    boolean networked = sandbox != null && sandbox.running();
    String podIp = podIp(pod, sandbox, facts);
    PodStatus old = pod.status();
    return new PodStatus(
        end.phase,
        PodConditions.of(pod, end.phase, inits, apps, begun, networked, now),
        end.message,
        end.reason,
        old.nominatedNodeName(),
        facts.hostIp(),
        List.of(new PodStatus.Ip(facts.hostIp())),
        podIp,
        podIp.isEmpty() ? List.of() : List.of(new PodStatus.Ip(podIp)),
        old.startTime() == null ? now : old.startTime(),
        inits,
        apps,
        Qos.of(pod),
        old.observedGeneration(),
        statuses.of(pod.spec().ephemeralContainers()));
  }

  /** A pod that has ended stays so; one that ran too long has ended once nothing of it runs. */
  private static Ended end(Pod pod, ObservedPod observed, String phase, Instant now) {
    PodStatus old = pod.status();
    if (pod.finished()) {
      return new Ended(old.phase(), old.reason(), old.message());
    }
    if (!ActiveDeadline.passed(pod, now)) {
      return new Ended(phase, "", "");
    }
    boolean runs = observed.containers().stream().anyMatch(ObservedContainer::running);
    return runs
        ? new Ended(phase, "", "")
        : new Ended("Failed", ActiveDeadline.REASON, ActiveDeadline.MESSAGE);
  }

  private static String podIp(Pod pod, @Nullable ObservedContainer sandbox, Facts facts) {
    if (pod.spec().hostNetwork()) {
      return facts.hostIp();
    }
    // An ended pod keeps the address that it had.
    return sandbox == null || sandbox.ip().isEmpty() ? pod.status().podIP() : sandbox.ip();
  }
}
