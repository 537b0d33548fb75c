package minik8s.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import minik8s.api.ObjectKey;
import minik8s.api.PartialObject;
import minik8s.api.Resource;
import minik8s.client.Api;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.controller.SimulatedManager;
import minik8s.kubelet.runtime.FakeRuntime;
import minik8s.kubelet.sync.SimulatedNode;
import minik8s.scheduler.SimulatedScheduler;
import tools.jackson.databind.node.ObjectNode;

/** The three kinds of processes, each with the bug that it is to have. Stateless. */
final class Parts {
  private Parts() {}

  /** Every controller of the controller-manager. */
  static Part manager(Api api, Timers timers, Bug bug, RegistryApi server) {
    boolean naive = bug == Bug.TRUSTS_A_STALE_CACHE;
    UnaryOperator<Reconciler> around =
        bug == Bug.FORGETS_TO_REQUEUE ? Parts::forgetful : reconciler -> reconciler;
    SimulatedManager manager =
        new SimulatedManager(
            bug == Bug.CLAIMS_AN_UNSEEN_GENERATION ? boasting(api, server) : api,
            timers,
            naive ? List.of("*", "-replicaset") : List.of("*"),
            around);
    server.discover(manager.shared());
    List<Informer<?>> informers = new ArrayList<>(manager.informers());
    List<ControlLoop> loops = new ArrayList<>(manager.loops());
    if (naive) {
      NaiveReplicaSets sets = new NaiveReplicaSets(api, timers);
      informers.addAll(sets.informers());
      loops.add(sets.loop());
    }
    return new Part() {
      @Override
      public List<Informer<?>> informers() {
        return informers;
      }

      @Override
      public boolean work(Random random) {
        int first = random.nextInt(loops.size());
        for (int i = 0; i < loops.size(); i++) {
          if (loops.get((first + i) % loops.size()).step()) {
            return true;
          }
        }
        return false;
      }

      @Override
      public void close() {
        manager.close();
      }
    };
  }

  private static Reconciler forgetful(Reconciler honest) {
    return key -> {
      try {
        honest.reconcile(key);
      } catch (RuntimeException e) {
        // As if nothing had happened.
      }
      return Reconciler.Result.DONE;
    };
  }

  /** Says in every status that the newest generation was observed. */
  private static Api boasting(Api honest, Api server) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, arguments) -> {
              if (method.getName().equals("patch")
                  && arguments[2].equals("status")
                  && arguments[4] instanceof ObjectNode patch
                  && patch.path("status").has("observedGeneration")) {
                Resource<?> resource = (Resource<?>) arguments[0];
                long newest =
                    server
                        .get(resource.as(PartialObject.class), (ObjectKey) arguments[1])
                        .metadata()
                        .generation();
                patch.withObject("status").put("observedGeneration", newest);
              }
              try {
                return method.invoke(honest, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  static Part scheduler(Api api, Timers timers) {
    SimulatedScheduler scheduler = new SimulatedScheduler(api, timers);
    return new Part() {
      @Override
      public List<Informer<?>> informers() {
        return scheduler.informers();
      }

      @Override
      public boolean work(Random random) {
        return scheduler.step(random.nextBoolean());
      }

      @Override
      public void close() {
        scheduler.close();
      }
    };
  }

  /** A kubelet; its runtime outlives it. */
  static NodePart node(
      Api api, Timers timers, FakeRuntime runtime, String name, Path root, boolean looks) {
    return new NodePart(new SimulatedNode(api, timers, runtime, name, root, looks));
  }

  /** A kubelet, which also has to say that it is alive. */
  record NodePart(SimulatedNode node) implements Part {
    @Override
    public List<Informer<?>> informers() {
      return node.informers();
    }

    @Override
    public boolean work(Random random) throws InterruptedException {
      List<String> pending = node.pending();
      if (pending.isEmpty()) {
        return false;
      }
      node.sync(pending.get(random.nextInt(pending.size())));
      return true;
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
