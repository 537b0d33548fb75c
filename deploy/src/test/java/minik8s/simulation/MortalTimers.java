package minik8s.simulation;

import java.time.Duration;
import java.time.InstantSource;
import minik8s.control.Timers;

/**
 * One process' alarms on the common clock; they die with it, and one may be where it is killed.
 * Confined to one thread.
 */
final class MortalTimers implements Timers {
  private final Timers common;
  private final Runnable whenKilled;
  private boolean dead;

  MortalTimers(Timers common, Runnable whenKilled) {
    this.common = common;
    this.whenKilled = whenKilled;
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
          if (dead) {
            return;
          }
          try {
            task.run();
          } catch (FaultyApi.Killed e) {
            whenKilled.run();
          }
        });
  }

  @Override
  public void close() {
    dead = true;
  }
}
