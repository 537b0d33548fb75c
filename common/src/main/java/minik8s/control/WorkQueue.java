package minik8s.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Keys that want work. Thread-safe; its laws (after client-go's {@code util/workqueue}):
 *
 * <ol>
 *   <li>a queued key is dirty and not being processed;
 *   <li>a key is queued at most once, however often it was added;
 *   <li>a key added while it is processed is queued again when that is done, so that no change is
 *       missed and no key is processed by two workers at a time;
 *   <li>a delayed key counts for nothing until its delay is over; of several delays for one key the
 *       earliest wins.
 * </ol>
 */
public final class WorkQueue<K> {
  private final Timers timers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Waiting<K>> queue = new ArrayDeque<>();
  private final Set<K> dirty = new HashSet<>();
  private final Map<K, Instant> processing = new HashMap<>();
  private final Map<K, Delayed> delayed = new HashMap<>();
  private Watcher watcher = Watcher.NONE;
  private boolean shutDown;

  /** Told what goes through; called with the queue locked, so it must be quick. */
  public interface Watcher {
    /** Looks away. */
    Watcher NONE =
        new Watcher() {
          @Override
          public void added() {}

          @Override
          public void taken(Duration after) {}
        };

    /** A key was added that was not there yet. */
    void added();

    /** A key was taken that had waited. */
    void taken(Duration after);
  }

  private record Waiting<K>(K key, Instant since) {}

  private record Delayed(Instant due, Timers.Alarm alarm) {}

  public WorkQueue(Timers timers) {
    this.timers = timers;
  }

  /** Marks the key as wanting work. */
  public void add(K key) {
    lock.lock();
    try {
      if (shutDown || !dirty.add(key)) {
        return;
      }
      watcher.added();
      if (!processing.containsKey(key)) {
        enqueue(key);
      }
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(K key) {
    queue.add(new Waiting<>(key, timers.clock().instant()));
    changed.signal();
  }

  /** Lets somebody watch what goes through. */
  public void watch(Watcher who) {
    lock.lock();
    try {
      watcher = who;
    } finally {
      lock.unlock();
    }
  }

  /** Adds the key once the delay is over, unless an earlier moment is already set. */
  public void addAfter(K key, Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      add(key);
      return;
    }
    lock.lock();
    try {
      Instant due = timers.clock().instant().plus(delay);
      Delayed set = delayed.get(key);
      if (shutDown || (set != null && !set.due().isAfter(due))) {
        return;
      }
      if (set != null) {
        set.alarm().cancel();
      }
      delayed.put(key, new Delayed(due, timers.after(delay, () -> release(key))));
    } finally {
      lock.unlock();
    }
  }

  private void release(K key) {
    lock.lock();
    try {
      delayed.remove(key);
      add(key);
    } finally {
      lock.unlock();
    }
  }

  /** The next key, waiting for one; empty after {@link #shutDown}. Follow with {@link #done}. */
  public Optional<K> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !shutDown) {
        changed.await();
      }
      return poll();
    } finally {
      lock.unlock();
    }
  }

  /** The next key if there is one now. Follow with {@link #done}. */
  public Optional<K> poll() {
    lock.lock();
    try {
      Waiting<K> next = queue.poll();
      if (next == null) {
        return Optional.empty();
      }
      Instant now = timers.clock().instant();
      dirty.remove(next.key());
      processing.put(next.key(), now);
      watcher.taken(Duration.between(next.since(), now));
      return Optional.of(next.key());
    } finally {
      lock.unlock();
    }
  }

  /** The key was processed; it is queued again if it was added meanwhile. */
  public void done(K key) {
    lock.lock();
    try {
      processing.remove(key);
      if (dirty.contains(key)) {
        enqueue(key);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many keys wait. */
  public int depth() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** How long the keys that are being processed have been, added up. */
  public Duration unfinished() {
    return processingTimes().reduce(Duration.ZERO, Duration::plus);
  }

  /** How long the key that has been processed longest has been. */
  public Duration longest() {
    return processingTimes().max(Duration::compareTo).orElse(Duration.ZERO);
  }

  private Stream<Duration> processingTimes() {
    lock.lock();
    try {
      Instant now = timers.clock().instant();
      return List.copyOf(processing.values()).stream().map(since -> Duration.between(since, now));
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all workers with nothing to do and takes no more keys. */
  public void shutDown() {
    lock.lock();
    try {
      shutDown = true;
      queue.clear();
      delayed.values().forEach(entry -> entry.alarm().cancel());
      delayed.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
