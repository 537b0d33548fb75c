package minik8s.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import minik8s.control.Timers;

/** A clock that moves only when told, firing alarms on the way. Thread-safe. */
public final class ManualTimers implements Timers {
  private record Entry(Instant due, long order, Runnable task) {}

  private final PriorityQueue<Entry> alarms =
      new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::order));
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long order;

  @Override
  public InstantSource clock() {
    return () -> {
      synchronized (this) {
        return now;
      }
    };
  }

  @Override
  public synchronized Alarm after(Duration delay, Runnable task) {
    Entry entry = new Entry(now.plus(delay), order++, task);
    alarms.add(entry);
    return () -> {
      synchronized (this) {
        alarms.remove(entry);
      }
    };
  }

  /** Moves the clock and runs every alarm that becomes due, in order, on this thread. */
  public void advance(Duration by) {
    Instant end;
    synchronized (this) {
      end = now.plus(by);
    }
    while (true) {
      Runnable task;
      synchronized (this) {
        Entry next = alarms.peek();
        if (next == null || next.due().isAfter(end)) {
          now = end;
          return;
        }
        alarms.remove(next);
        now = next.due().isAfter(now) ? next.due() : now;
        task = next.task();
      }
      task.run();
    }
  }

  /** How many alarms are set. */
  public synchronized int pending() {
    return alarms.size();
  }

  @Override
  public synchronized void close() {
    alarms.clear();
  }
}
