package minik8s.controller;

import java.util.List;
import minik8s.client.Api;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.LoopMetrics;
import minik8s.control.Timers;
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
   * @param flags further flags, such as {@code --node-monitor-grace-period=20s}
   */
  public SimulatedManager(Api api, Timers timers, List<String> controllers, String... flags) {
    ControllerFlags own = CommandLine.populateCommand(new ControllerFlags(), flags);
    caches = new Caches(api);
    make = new Controllers(api, caches, timers, own);
    fleet = new Fleet(new Selection(controllers), timers, LoopMetrics.NONE);
    ControllerManager.enlist(fleet, make, own);
  }

  public List<Informer<?>> informers() {
    return caches.wired();
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
