package minik8s.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import minik8s.api.KubeObject;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.control.EventRecorder;
import minik8s.control.Timers;
import minik8s.daemon.Metrics;
import minik8s.scheduler.config.Configuration;

/**
 * The scheduler as its main wires it, without threads: whoever owns it feeds the informers, steps
 * the loop and lets the writes happen, one by one. Confined to one thread.
 */
public final class SimulatedScheduler implements AutoCloseable {
  private final List<Informer<?>> informers = new ArrayList<>();
  private final Deque<Runnable> writes = new ArrayDeque<>();
  private final EventRecorder events;
  private final SchedulingLoop loop;

  public SimulatedScheduler(Api api, Timers timers) {
    events = new EventRecorder(api, "default-scheduler", "", timers);
    loop =
        new SchedulingLoop(
            Configuration.standard().profiles(),
            new ApiGateway(api, events, timers),
            writes::add,
            timers,
            new SchedulerMetrics(new Metrics().registry()));
    follow(Resources.NODES, loop::nodeChanged);
    follow(Resources.NAMESPACES, loop::otherChanged);
    follow(Resources.STORAGE_CLASSES, loop::otherChanged);
    follow(Resources.PERSISTENT_VOLUMES, loop::otherChanged);
    follow(Resources.PERSISTENT_VOLUME_CLAIMS, loop::otherChanged);
    follow(Resources.POD_DISRUPTION_BUDGETS, loop::otherChanged);
    follow(Resources.PODS, loop::podChanged);
    loop.lead();
  }

  private <T extends KubeObject> void follow(
      Resource<T> resource, Informer.Handler<? super T> handler) {
    Informer<T> informer = new Informer<>(resource, ListOptions.ALL, List.of());
    informer.onChange((old, now) -> handler.changed(old, now));
    informers.add(informer);
  }

  public List<Informer<?>> informers() {
    return List.copyOf(informers);
  }

  /** One step of the loop, or one write that is due; false when there was neither. */
  public boolean step(boolean writeFirst) {
    if (writeFirst && write()) {
      return true;
    }
    return loop.step() || write();
  }

  private boolean write() {
    Runnable next = writes.poll();
    if (next == null) {
      return false;
    }
    next.run();
    return true;
  }

  @Override
  public void close() {
    loop.close();
    events.close();
  }
}
