package minik8s.scheduler;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.KubeObject;
import minik8s.api.Resource;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import minik8s.daemon.HealthServer;

/** Follows kinds and passes on what changes. Used by the thread that starts the process. */
final class Feeds implements AutoCloseable {
  private final Api api;
  private final HealthServer health;
  private final List<Informer<?>> informers = new ArrayList<>();
  private final List<Reflector<?>> reflectors = new ArrayList<>();

  Feeds(Api api, HealthServer health) {
    this.api = api;
    this.health = health;
  }

  /** Follows one kind from now on; the process is ready once its first list has come. */
  <T extends KubeObject> void add(Resource<T> resource, Informer.Handler<? super T> handler) {
    Informer<T> informer = new Informer<>(resource, ListOptions.ALL, List.of());
    informer.onChange((old, now) -> handler.changed(old, now));
    health.readyWhen(resource.plural(), informer::synced);
    informers.add(informer);
    reflectors.add(new Reflector<>(api, informer).start());
  }

  /** Waits until the first list of every kind has come. */
  void awaitSync() throws InterruptedException {
    for (Informer<?> informer : informers) {
      informer.awaitSync();
    }
  }

  @Override
  public void close() {
    reflectors.forEach(Reflector::close);
  }
}
