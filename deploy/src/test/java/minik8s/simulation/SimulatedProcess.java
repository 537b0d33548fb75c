package minik8s.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import minik8s.api.KubeObject;
import minik8s.client.Api;
import minik8s.client.informer.Informer;
import minik8s.control.Timers;
import minik8s.simulation.FaultyApi.Fate;

/**
 * A process that can be killed at any write and starts again with empty memory and fresh lists.
 * Confined to one thread.
 */
final class SimulatedProcess {
  private final String name;
  private final SimulatedServer server;
  private final Api api;
  private final Timers clock;
  private final BiFunction<Api, Timers, Part> start;
  private final FaultyApi.Observer observer;
  private final boolean losesDeletions;
  private final List<Cursor<?>> cursors = new ArrayList<>();
  private Part part;
  private FaultyApi way;
  private MortalTimers timers;
  private Fate fate = Fate.DONE;
  private int writesUntilFate;
  private int fateLasts;

  @SuppressWarnings("NullAway.Init") // start() sets the rest
  SimulatedProcess(
      String name,
      SimulatedServer server,
      Api api,
      Timers clock,
      FaultyApi.Observer observer,
      boolean losesDeletions,
      BiFunction<Api, Timers, Part> start) {
    this.name = name;
    this.server = server;
    this.api = api;
    this.clock = clock;
    this.observer = observer;
    this.losesDeletions = losesDeletions;
    this.start = start;
    start();
  }

  String name() {
    return name;
  }

  Part part() {
    return part;
  }

  private void start() {
    fate = Fate.DONE;
    way = new FaultyApi(api, this::nextFate, observer);
    timers = new MortalTimers(clock, this::kill);
    part = start.apply(way, timers);
    cursors.clear();
    part.informers().forEach(informer -> cursors.add(cursor(informer)));
  }

  private <T extends KubeObject> Cursor<T> cursor(Informer<T> informer) {
    return new Cursor<>(server, api, informer, losesDeletions);
  }

  /** Ends it at once and starts it again. */
  void kill() {
    way.kill();
    timers.close();
    part.close();
    start();
  }

  /** After so many writes so many more meet this fate; a kill happens once, of course. */
  void arm(Fate next, int writes, int times) {
    fate = next;
    writesUntilFate = writes;
    fateLasts = times;
  }

  private Fate nextFate() {
    if (fate == Fate.DONE || writesUntilFate-- > 0) {
      return Fate.DONE;
    }
    Fate now = fate;
    if (--fateLasts <= 0) {
      fate = Fate.DONE;
    }
    return now;
  }

  /** One thing that waits to be done; a kill on the way is survived by a new start. */
  boolean work(Random random) throws InterruptedException {
    try {
      return part.work(random);
    } catch (FaultyApi.Killed e) {
      kill();
      return true;
    }
  }

  /** Runs something as a part of this process. */
  void within(Runnable task) {
    try {
      task.run();
    } catch (FaultyApi.Killed e) {
      kill();
    }
  }

  /** Delivers some changes to one of its informers. */
  void deliver(Random random, int most) {
    Cursor<?> one = cursors.get(random.nextInt(cursors.size()));
    for (int i = 0; i < most && one.deliver(); i++) {}
  }

  /** A watch breaks: the informer lists anew, and what happened in between is not told. */
  void relist(Random random) {
    cursors.get(random.nextInt(cursors.size())).relist();
  }

  /** Brings every informer to now; whether there was anything to tell. */
  boolean catchUp() {
    boolean told = false;
    for (Cursor<?> cursor : cursors) {
      while (cursor.deliver()) {
        told = true;
      }
    }
    return told;
  }

  void end() {
    way.kill();
    timers.close();
    part.close();
  }
}
