package minik8s.kubelet.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import minik8s.api.Container;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.SecurityContext;

/**
 * Whether this node takes a pod that was given to it. Pure. Source: the admission handlers of
 * Kubernetes' kubelet.
 */
public final class Admission {
  private static final int CRITICAL = 2_000_000_000;
  private static final Node.Taint MEMORY_TAINT =
      new Node.Taint("node.kubernetes.io/memory-pressure", "", "NoSchedule", null);

  /** Why not. */
  public record Refusal(String reason, String message) {}

  /**
   * What the node is like.
   *
   * @param unsafeSysctls names that its owner allows
   * @param appArmor whether the kernel enforces AppArmor profiles
   * @param pressures the conditions of pressure that hold, such as {@code MemoryPressure}
   */
  public record Facts(List<String> unsafeSysctls, boolean appArmor, Set<String> pressures) {}

  private Admission() {}

  /**
   * Why the pod can't run here; empty when it can.
   *
   * @param qos the pod's class
   */
  public static Optional<Refusal> refusal(Pod pod, String qos, Facts facts) {
    if (underPressure(pod, qos, facts.pressures())) {
      String conditions = String.join(" ", facts.pressures().stream().sorted().toList());
      return refused("Evicted", "The node had condition: [" + conditions + "]. ");
    }
    if (pod.spec().os() != null && !pod.spec().os().name().equals("linux")) {
      return refused(
          "PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS");
    }
    if (!facts.appArmor() && wantsAppArmor(pod)) {
      return refused("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host");
    }
    return Sysctls.refusal(pod, facts.unsafeSysctls())
        .map(message -> new Refusal("SysctlForbidden", message));
  }

  private static Optional<Refusal> refused(String reason, String message) {
    return Optional.of(new Refusal(reason, message));
  }

  /** Critical pods come in always; memory alone keeps away only those that asked for none. */
  private static boolean underPressure(Pod pod, String qos, Set<String> pressures) {
    Integer priority = pod.spec().priority();
    if (pressures.isEmpty() || (priority != null && priority >= CRITICAL)) {
      return false;
    }
    boolean memoryOnly = pressures.equals(Set.of("MemoryPressure"));
    boolean patient = pod.spec().tolerations().stream().anyMatch(t -> t.tolerates(MEMORY_TAINT));
    return !memoryOnly || (qos.equals("BestEffort") && !patient);
  }

  private static boolean wantsAppArmor(Pod pod) {
    SecurityContext.OfPod shared = pod.spec().securityContext();
    List<Container> all = new ArrayList<>(pod.spec().containers());
    all.addAll(pod.spec().initContainers());
    return (shared != null && enforced(shared.appArmorProfile()))
        || all.stream()
            .map(Container::securityContext)
            .anyMatch(own -> own != null && enforced(own.appArmorProfile()));
  }

  private static boolean enforced(SecurityContext.@org.jspecify.annotations.Nullable Profile p) {
    return p != null && !p.type().isEmpty() && !p.type().equals("Unconfined");
  }
}
