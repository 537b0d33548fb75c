package minik8s.controller;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import minik8s.client.Api;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.LoopMetrics;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import picocli.CommandLine;

/**
 * The controller-manager as its main wires it, without threads: whoever owns it feeds the informers
 * and steps the loops. Confined to one thread.
 */
public final class SimulatedManager implements AutoCloseable {
  private final Caches caches;
  private final Controllers make;
  private final Fleet fleet;

  /**
   * @param controllers as in {@code --controllers}
   * @param around put around every reconciler
   */
  public SimulatedManager(
      Api api, Timers timers, List<String> controllers, UnaryOperator<Reconciler> around) {
    ControllerFlags own = CommandLine.populateCommand(new ControllerFlags());
    caches = new Caches(api);
    make = new Controllers(api, caches, timers, own);
    fleet =
        new Fleet(new Selection(controllers), timers, LoopMetrics.NONE) {
          @Override
          void add(String name, int workers, Function<WorkQueue<ObjectKey>, Reconciler> wiring) {
            super.add(name, workers, queue -> around.apply(wiring.apply(queue)));
          }
        };
    ControllerManager.enlist(fleet, make, own);
  }

  public List<Informer<?>> informers() {
    return caches.wired();
  }

  /** The kinds whose every object is followed, so that the garbage collector needs no more. */
  public List<Resource<?>> shared() {
    return caches.all().stream().<Resource<?>>map(Informer::resource).toList();
  }

  public List<ControlLoop> loops() {
    return fleet.loops();
  }

  @Override
  public void close() {
    fleet.close();
    make.close();
  }
}
