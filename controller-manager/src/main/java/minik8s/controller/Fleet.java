package minik8s.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import minik8s.api.ObjectKey;
import minik8s.control.ControlLoop;
import minik8s.control.LoopMetrics;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;

/** The control loops of this process. Confined to main until {@link #start}. */
class Fleet implements AutoCloseable {
  private record Ship(ControlLoop loop, int workers) {}

  private final Selection selection;
  private final Timers timers;
  private final LoopMetrics metrics;
  private final List<Ship> ships = new ArrayList<>();
  private final List<String> known = new ArrayList<>();

  Fleet(Selection selection, Timers timers, LoopMetrics metrics) {
    this.selection = selection;
    this.timers = timers;
    this.metrics = metrics;
  }

  /**
   * Adds a loop if the user selected its controller.
   *
   * @param wiring makes the reconciler and registers what wakes it; not called when unselected
   */
  void add(String name, int workers, Function<WorkQueue<ObjectKey>, Reconciler> wiring) {
    known.add(name);
    if (selection.includes(name)) {
      WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
      ships.add(new Ship(new ControlLoop(name, queue, wiring.apply(queue), metrics), workers));
    }
  }

  /**
   * Ends a start with misspelt controllers.
   *
   * @throws IllegalArgumentException naming the first unknown one
   */
  void refuseUnknownNames() {
    selection
        .unknown(known)
        .ifPresent(name -> {
          throw new IllegalArgumentException(
              "--controllers: there is no controller \"%s\"; known are %s"
                  .formatted(name, String.join(", ", known)));
        });
  }

  /** The loops in the order in which they were added, for whoever steps them by hand. */
  List<ControlLoop> loops() {
    return ships.stream().map(Ship::loop).toList();
  }

  void start() {
    ships.forEach(ship -> ship.loop().start(ship.workers()));
  }

  @Override
  public void close() {
    ships.forEach(ship -> ship.loop().close());
  }
}
