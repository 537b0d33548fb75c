package minik8s.kubelet.node;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import minik8s.api.Condition;

/** The four conditions of a node that are the kubelet's. Pure. */
final class NodeConditions {
  /** What was found; the pressures by the conditions' names. */
  record Reading(String runtimeFailure, Set<String> pressures) {}

  private static final Set<String> OWNED =
      Set.of("MemoryPressure", "DiskPressure", "PIDPressure", "Ready");

  private NodeConditions() {}

  /** The kubelet's conditions with the heartbeat moved to now; others are left to their owners. */
  static List<Condition> of(Reading reading, List<Condition> before, Instant now) {
    List<Condition> next = before.stream().filter(c -> OWNED.contains(c.type())).toList();
    boolean memory = reading.pressures().contains("MemoryPressure");
    next =
        set(
            next,
            "MemoryPressure",
            memory,
            memory ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
            memory
                ? "kubelet has insufficient memory available"
                : "kubelet has sufficient memory available",
            now);
    boolean disk = reading.pressures().contains("DiskPressure");
    next =
        set(
            next,
            "DiskPressure",
            disk,
            disk ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
            disk ? "kubelet has disk pressure" : "kubelet has no disk pressure",
            now);
    boolean pids = reading.pressures().contains("PIDPressure");
    next =
        set(
            next,
            "PIDPressure",
            pids,
            pids ? "KubeletHasInsufficientPID" : "KubeletHasSufficientPID",
            pids
                ? "kubelet has insufficient PID available"
                : "kubelet has sufficient PID available",
            now);
    boolean ready = reading.runtimeFailure().isEmpty();
    return set(
        next,
        "Ready",
        ready,
        ready ? "KubeletReady" : "KubeletNotReady",
        ready
            ? "kubelet is posting ready status"
            : "container runtime is down: " + reading.runtimeFailure(),
        now);
  }

  private static List<Condition> set(
      List<Condition> all, String type, boolean status, String reason, String message, Instant at) {
    Instant now = at.truncatedTo(ChronoUnit.SECONDS);
    return Condition.set(
        all, new Condition(type, status ? "True" : "False", reason, message, now, now, null));
  }

  /** Whether all of the kubelet's conditions stand among these, heartbeat aside. */
  static boolean standAmong(List<Condition> all, List<Condition> own) {
    return timeless(all).containsAll(timeless(own));
  }

  private static Set<Condition> timeless(List<Condition> conditions) {
    return conditions.stream()
        .map(c -> new Condition(c.type(), c.status(), c.reason(), c.message(), null, null, null))
        .collect(Collectors.toSet());
  }
}
