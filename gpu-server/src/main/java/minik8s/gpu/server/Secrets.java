package minik8s.gpu.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.api.Secret;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;

/**
 * The Secrets of the clusters, each watched alone from the moment it is first asked for, so that
 * this process sees no other. Thread-safe.
 */
final class Secrets implements AutoCloseable {
  private record Watched(Informer<Secret> informer, Reflector<Secret> reflector) {}

  private final Api api;
  private final Consumer<ObjectKey> changed;
  private final Map<ObjectKey, Watched> watched = new ConcurrentHashMap<>();

  /**
   * @param changed told of the Secret whenever it appears, changes or goes
   */
  Secrets(Api api, Consumer<ObjectKey> changed) {
    this.api = api;
    this.changed = changed;
  }

  /** The Secret as it is now, or nearly. */
  Optional<Secret> get(ObjectKey key) {
    Watched known = watched.computeIfAbsent(key, this::watch);
    return known.informer().synced()
        ? known.informer().lister().get(key)
        : api.find(Resources.SECRETS, key);
  }

  private Watched watch(ObjectKey key) {
    ListOptions only = ListOptions.in(key.namespace()).withFields("metadata.name=" + key.name());
    Informer<Secret> informer = new Informer<>(Resources.SECRETS, only, List.of());
    informer.onChange((_, _) -> changed.accept(key));
    return new Watched(informer, new Reflector<>(api, informer).start());
  }

  @Override
  public void close() {
    watched.values().forEach(one -> one.reflector().close());
  }
}
