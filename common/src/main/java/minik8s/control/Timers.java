package minik8s.control;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The clock and the alarms of a process. Thread-safe. Tests use a manual one that moves only when
 * told.
 */
public interface Timers extends AutoCloseable {
  /** What time it is. */
  InstantSource clock();

  /** Runs a short, non-blocking task once after the delay. */
  Alarm after(Duration delay, Runnable task);

  /** A set alarm. */
  interface Alarm {
    /** Makes sure that the task does not start any more. */
    void cancel();
  }

  @Override
  void close();

  /** Real time, one thread for all alarms. */
  static Timers system() {
    return new SystemTimers();
  }
}
