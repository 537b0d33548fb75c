package minik8s.kubelet.node;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minik8s.api.Condition;

/** The four conditions of a node. Pure. */
final class NodeConditions {
  /** What was found; the pressures by the conditions' names. */
  record Reading(String runtimeFailure, Set<String> pressures) {}

  private NodeConditions() {}

  /** The conditions with the heartbeat moved to now; others that were there are kept. */
  static List<Condition> of(Reading reading, List<Condition> before, Instant now) {
    List<Condition> next = before;
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

  /** Whether two lists say the same but for the heartbeat. */
  static boolean same(List<Condition> a, List<Condition> b) {
    return timeless(a).equals(timeless(b));
  }

  private static List<Condition> timeless(List<Condition> conditions) {
    List<Condition> plain = new ArrayList<>();
    conditions.forEach(c ->
        plain.add(new Condition(c.type(), c.status(), c.reason(), c.message(), null, null, null)));
    return plain;
  }
}
