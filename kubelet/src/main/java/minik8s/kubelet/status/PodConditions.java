package minik8s.kubelet.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import minik8s.api.Condition;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.PodSpec;
import minik8s.api.PodStatus.ContainerStatus;

/**
 * The conditions of a pod that the kubelet owns; those of others stay. Pure; confined to one
 * computation. Source: Kubernetes' {@code pkg/kubelet/status/generate.go}.
 */
final class PodConditions {
  private final Pod pod;
  private final Instant now;
  private List<Condition> all;

  private PodConditions(Pod pod, Instant now) {
    this.pod = pod;
    this.now = now;
    this.all = pod.status().conditions();
  }

  /**
   * All conditions.
   *
   * @param begun whether any app container was ever started
   * @param networked whether the sandbox runs
   */
  static List<Condition> of(
      Pod pod,
      String phase,
      List<ContainerStatus> inits,
      List<ContainerStatus> apps,
      boolean begun,
      boolean networked,
      Instant now) {
    PodConditions conditions = new PodConditions(pod, now);
    conditions.set("PodReadyToStartContainers", networked, "", "");
    conditions.initialized(phase, inits, begun);
    conditions.ready(phase, inits, apps);
    if (Condition.find(conditions.all, "PodScheduled") == null) {
      conditions.set("PodScheduled", true, "", "");
    }
    return conditions.all;
  }

  private void initialized(String phase, List<ContainerStatus> inits, boolean begun) {
    List<Container> specs = pod.spec().initContainers();
    List<String> incomplete = new ArrayList<>();
    for (int i = 0; i < specs.size() && !begun; i++) {
      ContainerStatus status = inits.get(i);
      boolean done =
          specs.get(i).sidecar() ? Boolean.TRUE.equals(status.started()) : status.ready();
      if (!done) {
        incomplete.add(status.name());
      }
    }
    if (incomplete.isEmpty()) {
      set("Initialized", true, phase.equals("Succeeded") ? "PodCompleted" : "", "");
    } else {
      set(
          "Initialized",
          false,
          "ContainersNotInitialized",
          "containers with incomplete status: [" + String.join(" ", incomplete) + "]");
    }
  }

  private void ready(String phase, List<ContainerStatus> inits, List<ContainerStatus> apps) {
    List<String> unready = new ArrayList<>();
    List<Container> specs = pod.spec().initContainers();
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).sidecar() && !inits.get(i).ready()) {
        unready.add(inits.get(i).name());
      }
    }
    apps.stream().filter(s -> !s.ready()).map(ContainerStatus::name).forEach(unready::add);
    boolean ready = unready.isEmpty() && phase.equals("Running");
    String reason =
        switch (phase) {
          case "Succeeded" -> "PodCompleted";
          case "Failed" -> "PodFailed";
          default -> ready ? "" : "ContainersNotReady";
        };
    String message =
        unready.isEmpty() || !reason.equals("ContainersNotReady")
            ? ""
            : "containers with unready status: [" + String.join(" ", unready) + "]";
    String gates = ready ? closedGates() : "";
    if (gates.isEmpty()) {
      set("Ready", ready, reason, message);
    } else {
      set("Ready", false, "ReadinessGatesNotReady", gates);
    }
    set("ContainersReady", ready, reason, message);
  }

  /** Which conditions that others write are still missing or not True. */
  private String closedGates() {
    return pod.spec().readinessGates().stream()
        .map(PodSpec.ReadinessGate::conditionType)
        .map(type -> {
          Condition gate = Condition.find(pod.status().conditions(), type);
          if (gate == null) {
            return "corresponding condition of pod readiness gate \"" + type + "\" does not exist.";
          }
          return gate.isTrue()
              ? ""
              : "the status of pod readiness gate \""
                  + type
                  + "\" is not \"True\", but "
                  + gate.status();
        })
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private void set(String type, boolean status, String reason, String message) {
    all = Condition.set(all, Condition.of(type, status, reason, message, now));
  }
}
