package minik8s.kubelet.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.PodStatus.ContainerStatus;
import minik8s.api.Probe;
import minik8s.control.Timers;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.ObservedPod;
import org.jspecify.annotations.Nullable;

/**
 * The probes of one pod: each waits on an alarm and asks on a virtual thread, so that a slow answer
 * holds up neither the pod's worker nor another probe. {@link #follow} belongs to the worker;
 * states may be read from any thread.
 *
 * <p>Liveness and readiness are asked once the startup probe has passed; a probe that decided that
 * its container must die asks no more. A new kubelet takes up readiness and startup from the last
 * written status, so its start makes no pod unready.
 */
public final class PodProbes implements AutoCloseable {
  /** Told of each answer, on a probe's thread. */
  @FunctionalInterface
  public interface Listener {
    void answered(Container container, ProbeKind kind, Answer answer);
  }

  private final Prober prober;
  private final Timers timers;
  private final Listener listener;
  private final Runnable changed;
  private final Map<ProbeKey, ProbeState> states = new ConcurrentHashMap<>();
  private final Map<ProbeKey, Loop> loops = new ConcurrentHashMap<>();

  /**
   * @param changed told when a result moved, on a probe's thread
   */
  public PodProbes(Prober prober, Timers timers, Listener listener, Runnable changed) {
    this.prober = prober;
    this.timers = timers;
    this.listener = listener;
    this.changed = changed;
  }

  /** The results so far. */
  public Map<ProbeKey, ProbeState> states() {
    return Map.copyOf(states);
  }

  /**
   * Starts the probes that are due for what runs, and ends the others.
   *
   * @param ip the pod's address
   * @param ending whether the pod is on its way out: then only readiness is still asked
   * @param held ids of containers that are not probed yet because of their postStart hook
   */
  public void follow(Pod pod, ObservedPod observed, String ip, boolean ending, Set<String> held) {
    Set<ProbeKey> wanted = new HashSet<>();
    for (ObservedContainer run : observed.containers()) {
      Container container = pod.spec().container(run.name());
      if (container != null
          && run.state() instanceof State.Running running
          && !held.contains(run.id())) {
        Target target = new Target(run.id(), container, ip);
        for (ProbeKind kind : ProbeKind.values()) {
          follow(pod, target, kind, running.startedAt(), ending, wanted);
        }
      }
    }
    states.keySet().retainAll(wanted);
    loops.forEach((key, loop) -> {
      if (!wanted.contains(key)) {
        loops.remove(key);
        loop.stop();
      }
    });
  }

  private void follow(
      Pod pod,
      Target target,
      ProbeKind kind,
      Instant startedAt,
      boolean ending,
      Set<ProbeKey> wanted) {
    Probe probe = kind.of(target.container());
    if (probe == null) {
      return;
    }
    ProbeKey key = new ProbeKey(target.id(), kind);
    wanted.add(key);
    ContainerStatus last = lastStatus(pod, target.id());
    boolean known =
        last != null
            && (kind == ProbeKind.READINESS ? last.ready() : Boolean.TRUE.equals(last.started()));
    ProbeState state = states.computeIfAbsent(key, _ -> ProbeState.initial(kind, known));
    boolean decided =
        kind == ProbeKind.READINESS
            ? !started(target)
            : ending
                || (kind == ProbeKind.STARTUP ? state.passed() != null : !started(target))
                || state.failure();
    Loop loop = loops.get(key);
    if (decided) {
      if (loop != null) {
        loops.remove(key);
        loop.stop();
      }
    } else if (loop == null) {
      Loop fresh = new Loop(key, probe, target);
      loops.put(key, fresh);
      fresh.at(first(key, probe, startedAt));
    }
  }

  private boolean started(Target target) {
    ProbeState state = states.get(new ProbeKey(target.id(), ProbeKind.STARTUP));
    return target.container().startupProbe() == null || (state != null && state.success());
  }

  private static @Nullable ContainerStatus lastStatus(Pod pod, String id) {
    String full = "docker://" + id;
    for (ContainerStatus status : pod.status().containerStatuses()) {
      if (status.containerID().equals(full)) {
        return status;
      }
    }
    for (ContainerStatus status : pod.status().initContainerStatuses()) {
      if (status.containerID().equals(full)) {
        return status;
      }
    }
    return null;
  }

  /** A container that has run for long is met by a new kubelet: not all are asked at once. */
  private Instant first(ProbeKey key, Probe probe, Instant startedAt) {
    Instant now = timers.clock().instant();
    Instant due = startedAt.plusSeconds(probe.initialDelaySeconds());
    Duration period = Duration.ofSeconds(probe.periodSeconds());
    if (now.isBefore(due)) {
      return due;
    }
    long later = Math.floorMod(key.containerId().hashCode(), period.toMillis());
    return now.isBefore(due.plus(period)) ? now : now.plusMillis(later);
  }

  @Override
  public void close() {
    loops.values().forEach(Loop::stop);
    loops.clear();
  }

  /** One probe of one container, asked over and over. */
  private final class Loop {
    private final ProbeKey key;
    private final Probe probe;
    private final Target target;
    private volatile boolean stopped;
    private volatile Timers.@Nullable Alarm alarm;
    private volatile Instant due = Instant.EPOCH;

    Loop(ProbeKey key, Probe probe, Target target) {
      this.key = key;
      this.probe = probe;
      this.target = target;
    }

    void at(Instant next) {
      due = next;
      Duration delay = Duration.between(timers.clock().instant(), next);
      alarm =
          timers.after(
              delay.isNegative() ? Duration.ZERO : delay,
              () -> Thread.ofVirtual().name("probe-" + target.container().name()).start(this::ask));
      if (stopped) {
        stop();
      }
    }

    private void ask() {
      if (stopped) {
        return;
      }
      Answer answer = prober.ask(probe, target);
      if (stopped) {
        return;
      }
      ProbeState before = states.get(key);
      if (before == null) {
        return;
      }
      ProbeState after = before.after(answer.good(), probe);
      states.replace(key, before, after);
      listener.answered(target.container(), key.kind(), answer);
      boolean settled = key.kind() != ProbeKind.READINESS && after.failure();
      if (!settled) {
        Instant next = due.plusSeconds(probe.periodSeconds());
        Instant now = timers.clock().instant();
        at(next.isBefore(now) ? now : next);
      }
      if (before.success() != after.success() || before.failure() != after.failure()) {
        changed.run();
      }
    }

    void stop() {
      stopped = true;
      Timers.Alarm set = alarm;
      if (set != null) {
        set.cancel();
      }
    }
  }
}
