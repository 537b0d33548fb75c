package minik8s.kubelet.status;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.control.Timers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes pod statuses: only what changed, one write per pod at a time, and of several that wait
 * only the newest. Thread-safe.
 */
public final class StatusWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final Duration LAZY = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** A virtual thread for each write. */
  public static final Executor THREADS =
      task -> {
        var _ = Thread.ofVirtual().name("status").start(task);
      };

  private final Api api;
  private final Timers timers;
  private final Executor executor;
  private final Function<Pod, Optional<Pod>> stored;
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();

  private record Wish(Pod pod, PodStatus status) {}

  private static final class Slot {
    final ReentrantLock writing = new ReentrantLock();
    final AtomicReference<@Nullable Wish> next = new AtomicReference<>();
    volatile @Nullable Pod written;
  }

  public StatusWriter(Api api, Timers timers) {
    this(api, timers, THREADS);
  }

  /**
   * @param executor runs the writes that nobody waits for
   */
  public StatusWriter(Api api, Timers timers, Executor executor) {
    this(api, timers, executor, Optional::of);
  }

  /**
   * A writer for pods of which the API server has mirrors only.
   *
   * @param stored gives the pod that the API server has instead; empty while it has none
   */
  public StatusWriter(
      Api api, Timers timers, Executor executor, Function<Pod, Optional<Pod>> stored) {
    this.api = api;
    this.timers = timers;
    this.executor = executor;
    this.stored = stored;
  }

  /** The newer of a pod as watched and the same pod as it came back from the last write. */
  public Pod newest(Pod seen) {
    Slot slot = slots.get(seen.uid());
    Pod written = slot == null ? null : slot.written;
    if (written == null || revision(written) <= revision(seen)) {
      return seen;
    }
    if (!written.uid().equals(seen.uid())) {
      // A static pod: what was written is its mirror, which others may have written since.
      Pod mirror = stored.apply(seen).filter(m -> revision(m) > revision(written)).orElse(written);
      return new Pod(seen.metadata(), seen.spec(), mirror.status());
    }
    // Spec and metadata are the watched ones: a deletion must not be overlooked.
    return seen.metadata().deleting() && !written.metadata().deleting()
        ? new Pod(seen.metadata(), seen.spec(), written.status())
        : written;
  }

  private static long revision(Pod pod) {
    try {
      return Long.parseLong(pod.metadata().resourceVersion());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Wants the status written soon.
   *
   * @param lazy whether it can wait a little, because something better is expected
   */
  public void put(Pod pod, PodStatus status, boolean lazy) {
    Slot slot = slots.computeIfAbsent(pod.uid(), _ -> new Slot());
    if (slot.next.get() == null && status.equals(newest(pod).status())) {
      return;
    }
    slot.next.set(new Wish(pod, status));
    if (lazy) {
      timers.after(LAZY, () -> start(slot));
    } else {
      start(slot);
    }
  }

  private void start(Slot slot) {
    if (slot.next.get() != null) {
      executor.execute(() -> drain(slot));
    }
  }

  private void drain(Slot slot) {
    slot.writing.lock();
    try {
      Wish wish = slot.next.getAndSet(null);
      if (wish != null && !write(slot, wish)) {
        slot.next.compareAndSet(null, wish);
        timers.after(RETRY, () -> start(slot));
      }
    } finally {
      slot.writing.unlock();
    }
  }

  /** Writes at once on this thread, after any write that is under way. */
  public void writeNow(Pod pod, PodStatus status) {
    Slot slot = slots.computeIfAbsent(pod.uid(), _ -> new Slot());
    slot.writing.lock();
    try {
      slot.next.set(null);
      write(slot, new Wish(pod, status));
    } finally {
      slot.writing.unlock();
    }
  }

  /** Whether there is nothing left to do about the wish. */
  private boolean write(Slot slot, Wish wish) {
    Pod base = newest(wish.pod());
    Optional<Pod> target = stored.apply(wish.pod());
    ObjectNode patch =
        target.isEmpty()
            ? null
            : PodStatusPatch.between(base.status(), wish.status(), target.get().uid());
    if (patch == null) {
      return true;
    }
    try {
      slot.written = api.patchStatus(Resources.PODS, wish.pod().key(), patch);
      return true;
    } catch (ApiException e) {
      boolean retry =
          e.is(Failure.Reason.ServiceUnavailable)
              || e.is(Failure.Reason.Timeout)
              || e.is(Failure.Reason.TooManyRequests)
              || e.is(Failure.Reason.InternalError);
      if (!e.notFound()) {
        LOG.warn("status of pod {} not written: {}", wish.pod().key(), e.getMessage());
      }
      return !retry;
    }
  }

  /**
   * The API server has another object in the pod's place, which has been told nothing. What waits
   * to be written is void; the slot stays, for a write that is under way goes before all others.
   */
  public void reset(String uid) {
    Slot slot = slots.get(uid);
    if (slot != null) {
      slot.next.set(null);
      slot.written = null;
    }
  }

  /** Forgets a pod that is gone. */
  public void forget(String uid) {
    slots.remove(uid);
  }
}
