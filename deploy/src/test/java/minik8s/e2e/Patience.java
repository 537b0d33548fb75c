package minik8s.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for a condition that only another process can bring about, by asking again and again. */
final class Patience {
  /** How long a cluster on two busy cores may take for anything; not a statement about speed. */
  static final Duration LONG = Duration.ofMinutes(2);

  private static final Duration STEP = Duration.ofMillis(150);

  private Patience() {}

  static void until(String what, Callable<Boolean> condition) {
    until(what, LONG, condition);
  }

  /** Returns as soon as the condition holds; fails after the limit, naming what was awaited. */
  static void until(String what, Duration limit, Callable<Boolean> condition) {
    CountDownLatch never = new CountDownLatch(1);
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within " + limit + ": " + what);
        }
        never.await(STEP.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
