package minik8s.kubelet.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import minik8s.api.Pod;
import minik8s.api.Probe;
import minik8s.control.Timers;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.runtime.ContainerStreams.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lifecycle hooks of one pod, each on a virtual thread. Started by the pod's worker; states may
 * be read from any thread.
 *
 * <p>A hook runs at least once: a kubelet that starts anew runs a preStop hook again, and takes a
 * container that runs as one whose postStart hook is over.
 */
public final class PodHooks {
  private static final Logger LOG = LoggerFactory.getLogger(PodHooks.class);

  /** A GET that nobody answers does not hold up the container for ever. */
  private static final Duration GET_LIMIT = Duration.ofSeconds(30);

  private final ContainerStreams streams;
  private final Timers timers;
  private final Runnable changed;
  private final Map<String, HookState> postStarts = new ConcurrentHashMap<>();
  private final Map<String, HookState> preStops = new ConcurrentHashMap<>();

  /** A hook that did not do what it should; the message is for people. */
  private static final class HookFailure extends Exception {
    private static final long serialVersionUID = 1;

    HookFailure(String message) {
      super(message);
    }
  }

  /**
   * @param changed told when a hook has ended, on the hook's thread
   */
  public PodHooks(ContainerStreams streams, Timers timers, Runnable changed) {
    this.streams = streams;
    this.timers = timers;
    this.changed = changed;
  }

  /** How far the postStart hooks have come, by container id; those never started are absent. */
  public Map<String, HookState> postStarts() {
    return Map.copyOf(postStarts);
  }

  /** Containers whose postStart hook goes on. */
  public Set<String> starting() {
    return postStarts.entrySet().stream()
        .filter(e -> e.getValue() == HookState.RUNNING)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Containers whose preStop hook has ended, well or not. */
  public Set<String> stopped() {
    return preStops.entrySet().stream()
        .filter(e -> e.getValue() != HookState.RUNNING)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Begins the hook after a start; it is told {@code failed} when it fails. */
  public void postStart(Pod pod, Probe hook, Target target, Runnable failed) {
    begin(postStarts, pod, hook, target, failed);
  }

  /** Begins the hook before a stop; it is told {@code failed} when it fails. */
  public void preStop(Pod pod, Probe hook, Target target, Runnable failed) {
    begin(preStops, pod, hook, target, failed);
  }

  /** Forgets what belongs to containers that are gone. */
  public void retain(Set<String> ids) {
    postStarts.keySet().retainAll(ids);
    preStops.keySet().retainAll(ids);
  }

  private void begin(
      Map<String, HookState> states, Pod pod, Probe hook, Target target, Runnable failed) {
    states.put(target.id(), HookState.RUNNING);
    if (hook.sleep() != null) {
      timers.after(
          Duration.ofSeconds(hook.sleep().seconds()), () -> end(states, target, HookState.DONE));
      return;
    }
    Thread.ofVirtual()
        .name("hook-" + target.container().name())
        .start(() -> {
          HookState end = HookState.DONE;
          try {
            run(hook, target);
          } catch (HookFailure | IOException | IllegalArgumentException e) {
            end = HookState.FAILED;
            LOG.info(
                "lifecycle hook of container {} in pod {} failed: {}",
                target.container().name(),
                pod.key(),
                e.getMessage());
            failed.run();
          }
          end(states, target, end);
        });
  }

  private void end(Map<String, HookState> states, Target target, HookState end) {
    states.replace(target.id(), HookState.RUNNING, end);
    changed.run();
  }

  private void run(Probe hook, Target target) throws HookFailure, IOException {
    if (hook.exec() != null) {
      exec(target, hook.exec());
    } else if (hook.httpGet() != null) {
      try (Limit limit = new Limit(timers, GET_LIMIT)) {
        HttpCheck.of(hook.httpGet(), target).call(limit);
      }
    } else {
      // Kubernetes accepts tcpSocket here and fails at it.
      throw new HookFailure("invalid handler");
    }
  }

  private void exec(Target target, Probe.Exec hook) throws HookFailure, IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Session session = streams.exec(target.id(), hook.command(), false, false)) {
      for (Frame frame = session.next(); frame != null; frame = session.next()) {
        output.write(frame.bytes(), 0, Math.min(frame.bytes().length, 4096 - output.size()));
      }
      int code = session.exitCode();
      if (code != 0) {
        throw new HookFailure("exit code " + code + ": " + output.toString(UTF_8));
      }
    }
  }
}
