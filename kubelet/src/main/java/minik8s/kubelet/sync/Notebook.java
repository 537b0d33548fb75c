package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import minik8s.control.Backoff;

/** A worker's memory of its pod, as one place that its rooms write to. Confined to the worker. */
final class Notebook {
  private final InstantSource clock;
  private PodMemory memory = PodMemory.NONE;

  Notebook(InstantSource clock) {
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  PodMemory memory() {
    return memory;
  }

  void keep(PodMemory next) {
    memory = next;
  }

  /** Something could not be started: it is tried again after a growing pause. */
  void trouble(String name, String reason, String message, Duration initial) {
    Trouble before = memory.troubles().get(name);
    int count = before == null ? 1 : before.count() + 1;
    Duration delay = Backoff.delay(initial, Duration.ofMinutes(1), count);
    memory = memory.troubled(name, new Trouble(reason, message, now().plus(delay), count));
  }

  /** Something was started after all. */
  void started(String name) {
    memory = memory.troubled(name, null);
  }
}
