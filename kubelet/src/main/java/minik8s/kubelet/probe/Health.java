package minik8s.kubelet.probe;

import java.util.HashMap;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Probe;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedPod;
import org.jspecify.annotations.Nullable;

/**
 * What probes and hooks say of one running container. Immutable, pure.
 *
 * @param starting whether its postStart hook still goes on
 * @param started whether it passed its startup probe and its postStart hook
 * @param ready whether it may get traffic
 * @param doom why it has to be killed; null when it need not
 */
public record Health(boolean starting, boolean started, boolean ready, @Nullable Doom doom) {

  /** Of a container without probes and hooks. */
  public static final Health GOOD = new Health(false, true, true, null);

  /**
   * A reason to kill.
   *
   * @param why such as {@code failed liveness probe}; what people read after the container's name
   * @param hook whether a hook failed, not a probe
   * @param graceSeconds the probe's own; null for the pod's
   */
  public record Doom(String why, boolean hook, @Nullable Long graceSeconds) {}

  /** The health of each running container of a pod, by container id. */
  public static Map<String, Health> of(
      Pod pod,
      ObservedPod observed,
      Map<ProbeKey, ProbeState> probes,
      Map<String, HookState> postStarts) {
    Map<String, Health> all = new HashMap<>();
    for (ObservedContainer run : observed.containers()) {
      Container container = run.running() ? pod.spec().container(run.name()) : null;
      if (container != null) {
        all.put(run.id(), of(container, run.id(), probes, postStarts.get(run.id())));
      }
    }
    return all;
  }

  private static Health of(
      Container container,
      String id,
      Map<ProbeKey, ProbeState> probes,
      @Nullable HookState postStart) {
    if (postStart == HookState.RUNNING) {
      return new Health(true, false, false, null);
    }
    if (postStart == HookState.FAILED) {
      return new Health(false, false, false, new Doom("FailedPostStartHook", true, null));
    }
    Probe startup = container.startupProbe();
    ProbeState start = probes.get(new ProbeKey(id, ProbeKind.STARTUP));
    boolean started = startup == null || (start != null && start.success());
    if (startup != null && start != null && start.failure()) {
      return new Health(false, false, false, doom("failed startup probe", startup));
    }
    Probe liveness = container.livenessProbe();
    ProbeState life = probes.get(new ProbeKey(id, ProbeKind.LIVENESS));
    Doom doom =
        liveness != null && life != null && life.failure()
            ? doom("failed liveness probe", liveness)
            : null;
    ProbeState traffic = probes.get(new ProbeKey(id, ProbeKind.READINESS));
    boolean ready =
        started && (container.readinessProbe() == null || (traffic != null && traffic.success()));
    return new Health(false, started, ready, doom);
  }

  private static Doom doom(String why, Probe probe) {
    return new Doom(why, false, probe.terminationGracePeriodSeconds());
  }
}
