package minik8s.simulation;

import java.time.Duration;
import java.time.InstantSource;
import minik8s.control.Timers;

/** One process' alarms on the common clock; they die with it. Confined to one thread. */
final class MortalTimers implements Timers {
  private final Timers common;
  private boolean dead;

  MortalTimers(Timers common) {
    this.common = common;
  }

  @Override
  public InstantSource clock() {
    return common.clock();
  }

  @Override
  public Alarm after(Duration delay, Runnable task) {
    return common.after(
        delay,
        () -> {
          if (!dead) {
            task.run();
          }
        });
  }

  @Override
  public void close() {
    dead = true;
  }
}
