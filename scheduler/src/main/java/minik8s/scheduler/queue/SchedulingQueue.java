package minik8s.scheduler.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import minik8s.control.Backoff;
import minik8s.scheduler.framework.Cure;
import minik8s.scheduler.framework.PodView;
import org.jspecify.annotations.Nullable;

/**
 * The pods that want a node. Confined to the scheduling loop; time is an argument. Its laws:
 *
 * <ol>
 *   <li>a pod is in exactly one place (active, backing off, unschedulable, gated), or in none while
 *       it is tried or bound;
 *   <li>active pods leave by priority, then by order of arrival;
 *   <li>a rejected pod stays unschedulable until a change that could cure it, a change of the pod
 *       itself, or five minutes have passed;
 *   <li>a pod woken before its back-off (1 s after the first failure, doubled up to 10 s) is over
 *       waits it out; but one for which there seems to be a node now is tried earlier when no other
 *       pod is active;
 *   <li>a pod whose binding failed always waits out its back-off;
 *   <li>a gated pod is never tried; it becomes active when its last gate is gone.
 * </ol>
 */
public final class SchedulingQueue {
  static final Duration INITIAL_BACKOFF = Duration.ofSeconds(1);
  static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  static final Duration MAX_UNSCHEDULABLE = Duration.ofMinutes(5);

  private static final Comparator<QueuedPod> BY_PRIORITY =
      Comparator.comparingInt((QueuedPod p) -> -p.pod().priority())
          .thenComparingLong(QueuedPod::order);
  private static final Comparator<QueuedPod> BY_DUE =
      Comparator.comparing(SchedulingQueue::due).thenComparingLong(QueuedPod::order);

  private enum Place {
    ACTIVE,
    WOKEN,
    BACKING_OFF,
    UNSCHEDULABLE,
    GATED
  }

  private record Entry(QueuedPod pod, Place place) {}

  private final Map<String, Entry> entries = new HashMap<>();
  private final TreeSet<QueuedPod> active = new TreeSet<>(BY_PRIORITY);
  private final TreeSet<QueuedPod> woken = new TreeSet<>(BY_DUE);
  private final TreeSet<QueuedPod> backingOff = new TreeSet<>(BY_DUE);
  private final Map<String, QueuedPod> unschedulable = new LinkedHashMap<>();
  private final Map<String, QueuedPod> gated = new HashMap<>();
  private long arrivals;

  /** Takes a new pod, or a new revision of one that is here. */
  public void put(PodView pod, Instant now) {
    Entry old = entries.get(pod.id());
    if (old == null) {
      QueuedPod fresh = new QueuedPod(pod, arrivals++, now, 0, Instant.EPOCH, Cure.NONE);
      enter(fresh, pod.gated() ? Place.GATED : Place.ACTIVE);
      return;
    }
    QueuedPod newer = old.pod().with(pod);
    Place place = placeAfterChange(old, newer);
    if (place == Place.UNSCHEDULABLE) {
      // Replaced where it stands, for these are kept in the order of their rejection.
      unschedulable.put(newer.id(), newer);
      entries.put(newer.id(), new Entry(newer, place));
    } else {
      leave(old);
      enter(newer, place);
    }
  }

  private static Place placeAfterChange(Entry old, QueuedPod newer) {
    if (newer.pod().gated()) {
      return Place.GATED;
    }
    return switch (old.place()) {
      case GATED -> Place.ACTIVE;
      case UNSCHEDULABLE ->
          newer.pod().placedLike(old.pod().pod()) ? Place.UNSCHEDULABLE : Place.WOKEN;
      case ACTIVE, WOKEN, BACKING_OFF -> old.place();
    };
  }

  /** Forgets a pod: it is gone, bound, or no longer ours. */
  public void remove(String id) {
    Entry old = entries.get(id);
    if (old != null) {
      leave(old);
    }
  }

  /** The next pod to try; it leaves the queue. */
  public Optional<QueuedPod> poll(Instant now) {
    release(woken, now);
    release(backingOff, now);
    flush(now);
    QueuedPod next = active.isEmpty() ? first(woken) : active.first();
    if (next == null) {
      return Optional.empty();
    }
    remove(next.id());
    return Optional.of(next);
  }

  /** No node would take the pod: keep it until one of these changes happens. */
  public void reject(QueuedPod tried, Cure cure, Instant now) {
    enter(tried.failed(cure, now), Place.UNSCHEDULABLE);
  }

  /** A node would have taken the pod, but the binding failed: try again after the back-off. */
  public void retry(QueuedPod tried, Instant now) {
    QueuedPod failed = tried.failed(Cure.NONE, now);
    enter(failed, failed.pod().gated() ? Place.GATED : Place.BACKING_OFF);
  }

  /** Wakes the rejected pods that a change may help. */
  public void wake(Function<QueuedPod, Help> helped, Instant now) {
    List<Entry> moves = new ArrayList<>();
    for (QueuedPod pod : unschedulable.values()) {
      Help help = helped.apply(pod);
      if (help != Help.NONE) {
        moves.add(new Entry(pod, help == Help.LIKELY ? Place.WOKEN : Place.BACKING_OFF));
      }
    }
    for (QueuedPod pod : backingOff) {
      if (helped.apply(pod) == Help.LIKELY) {
        moves.add(new Entry(pod, Place.WOKEN));
      }
    }
    for (Entry entry : moves) {
      move(entry.pod(), due(entry.pod()).isAfter(now) ? entry.place() : Place.ACTIVE);
    }
  }

  /** When the passing of time alone next makes a pod active; empty when it never does. */
  public Optional<Instant> nextDue() {
    Instant next = null;
    next = earlier(next, first(backingOff), Duration.ZERO);
    next = earlier(next, firstOf(unschedulable), MAX_UNSCHEDULABLE);
    return Optional.ofNullable(next);
  }

  public Depths depths() {
    return new Depths(
        active.size(), woken.size() + backingOff.size(), unschedulable.size(), gated.size());
  }

  private static Instant due(QueuedPod pod) {
    return pod.failedAt().plus(Backoff.delay(INITIAL_BACKOFF, MAX_BACKOFF, pod.attempts()));
  }

  private void release(SortedSet<QueuedPod> from, Instant now) {
    while (!from.isEmpty() && !due(from.first()).isAfter(now)) {
      move(from.first(), Place.ACTIVE);
    }
  }

  /** Rejections enter in order of time, so the oldest is always first. */
  private void flush(Instant now) {
    QueuedPod oldest = firstOf(unschedulable);
    while (oldest != null && !oldest.failedAt().plus(MAX_UNSCHEDULABLE).isAfter(now)) {
      move(oldest, Place.ACTIVE);
      oldest = firstOf(unschedulable);
    }
  }

  private void move(QueuedPod pod, Place to) {
    remove(pod.id());
    enter(pod, to);
  }

  private void enter(QueuedPod pod, Place place) {
    Entry before = entries.put(pod.id(), new Entry(pod, place));
    if (before != null) {
      throw new IllegalStateException(pod.pod().pod().key() + " is queued already: " + before);
    }
    switch (place) {
      case ACTIVE -> active.add(pod);
      case WOKEN -> woken.add(pod);
      case BACKING_OFF -> backingOff.add(pod);
      case UNSCHEDULABLE -> unschedulable.put(pod.id(), pod);
      case GATED -> gated.put(pod.id(), pod);
    }
  }

  private void leave(Entry entry) {
    QueuedPod pod = entry.pod();
    entries.remove(pod.id());
    switch (entry.place()) {
      case ACTIVE -> active.remove(pod);
      case WOKEN -> woken.remove(pod);
      case BACKING_OFF -> backingOff.remove(pod);
      case UNSCHEDULABLE -> unschedulable.remove(pod.id());
      case GATED -> gated.remove(pod.id());
    }
  }

  private static @Nullable QueuedPod first(SortedSet<QueuedPod> pods) {
    return pods.isEmpty() ? null : pods.first();
  }

  private static @Nullable QueuedPod firstOf(Map<String, QueuedPod> pods) {
    return pods.isEmpty() ? null : pods.values().iterator().next();
  }

  private static @Nullable Instant earlier(
      @Nullable Instant best, @Nullable QueuedPod pod, Duration wait) {
    if (pod == null) {
      return best;
    }
    Instant due = wait.isZero() ? due(pod) : pod.failedAt().plus(wait);
    return best == null || due.isBefore(best) ? due : best;
  }
}
