package minik8s.kubelet.probe;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import minik8s.control.Timers;
import org.jspecify.annotations.Nullable;

/**
 * A limit on how long blocking I/O may take: when the time is up, what is being used is closed
 * under the reader's hands. Thread-safe.
 */
final class Limit implements AutoCloseable {
  /** Something whose closing ends a blocked read. */
  @FunctionalInterface
  interface Open {
    void close() throws Exception;
  }

  private final AtomicReference<@Nullable Open> open = new AtomicReference<>();
  private final Timers.Alarm alarm;
  private volatile boolean over;

  Limit(Timers timers, Duration time) {
    this.alarm =
        timers.after(
            time,
            () -> {
              over = true;
              shut(open.getAndSet(null));
            });
  }

  /** This is what is used now; it is closed at once when the time is already up. */
  void on(Open used) {
    open.set(used);
    if (over) {
      shut(open.getAndSet(null));
    }
  }

  /** Whether the time was up. */
  boolean over() {
    return over;
  }

  private static void shut(@Nullable Open used) {
    if (used != null) {
      try {
        used.close();
      } catch (Exception e) {
        // It was to be got rid of; that it resists changes nothing.
      }
    }
  }

  @Override
  public void close() {
    alarm.cancel();
    shut(open.getAndSet(null));
  }
}
