package minik8s.kubelet.source;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import minik8s.api.ConfigMap;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.RuntimeClass;
import minik8s.api.Secret;
import minik8s.api.Service;
import minik8s.api.Volume;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import org.jspecify.annotations.Nullable;

/**
 * References of which those that volumes name are watched, one watch per object however many pods
 * use it, so that a change reaches the pods' files at once. Thread-safe.
 */
public final class WatchedReferences implements References, AutoCloseable {
  private final Api api;
  private final References direct;
  private final Consumer<String> changed;
  private final Map<Target, Following<?>> following = new HashMap<>();
  private final Map<String, Set<Target>> uses = new HashMap<>();

  private record Target(Resource<?> resource, ObjectKey key) {}

  private record Following<T extends KubeObject>(Informer<T> informer, Reflector<T> feed) {}

  /**
   * @param direct answers what is not watched
   * @param changed told the uid of a pod whose volumes have to be looked at
   */
  public WatchedReferences(Api api, References direct, Consumer<String> changed) {
    this.api = api;
    this.direct = direct;
    this.changed = changed;
  }

  @Override
  public synchronized void follow(Pod pod) {
    if (uses.containsKey(pod.uid())) {
      return;
    }
    Set<Target> targets = targets(pod);
    uses.put(pod.uid(), targets);
    for (Target target : targets) {
      following.computeIfAbsent(target, this::start);
    }
  }

  private Following<?> start(Target target) {
    if (target.resource().equals(Resources.PERSISTENT_VOLUME_CLAIMS)) {
      return fed(informer(Resources.PERSISTENT_VOLUME_CLAIMS, target));
    }
    return target.resource().equals(Resources.SECRETS)
        ? fed(informer(Resources.SECRETS, target))
        : fed(informer(Resources.CONFIG_MAPS, target));
  }

  private <T extends KubeObject> Informer<T> informer(Resource<T> resource, Target target) {
    Informer<T> informer =
        new Informer<>(
            resource,
            ListOptions.in(target.key().namespace())
                .withFields("metadata.name=" + target.key().name()),
            List.of());
    informer.onChange((_, _) -> users(target).forEach(changed));
    return informer;
  }

  private <T extends KubeObject> Following<T> fed(Informer<T> informer) {
    return new Following<>(informer, new Reflector<>(api, informer).start());
  }

  private synchronized Set<String> users(Target target) {
    Set<String> uids = new HashSet<>();
    uses.forEach((uid, targets) -> {
      if (targets.contains(target)) {
        uids.add(uid);
      }
    });
    return uids;
  }

  @Override
  public synchronized void release(String uid) {
    Set<Target> targets = uses.remove(uid);
    if (targets != null) {
      for (Target target : targets) {
        boolean used = uses.values().stream().anyMatch(other -> other.contains(target));
        Following<?> idle = used ? null : following.remove(target);
        if (idle != null) {
          idle.feed().close();
        }
      }
    }
  }

  /** What the pod's volumes name. */
  private static Set<Target> targets(Pod pod) {
    Set<Target> targets = new HashSet<>();
    String namespace = pod.metadata().namespace();
    for (Volume volume : pod.spec().volumes()) {
      if (volume.configMap() != null) {
        add(targets, Resources.CONFIG_MAPS, namespace, volume.configMap().name());
      } else if (volume.secret() != null) {
        add(targets, Resources.SECRETS, namespace, volume.secret().secretName());
      } else if (volume.persistentVolumeClaim() != null) {
        String claim = volume.persistentVolumeClaim().claimName();
        add(targets, Resources.PERSISTENT_VOLUME_CLAIMS, namespace, claim);
      } else if (volume.ephemeral() != null) {
        String claim = pod.metadata().name() + "-" + volume.name();
        add(targets, Resources.PERSISTENT_VOLUME_CLAIMS, namespace, claim);
      } else if (volume.projected() != null) {
        for (Volume.Projection source : volume.projected().sources()) {
          if (source.configMap() != null) {
            add(targets, Resources.CONFIG_MAPS, namespace, source.configMap().name());
          } else if (source.secret() != null) {
            add(targets, Resources.SECRETS, namespace, source.secret().name());
          }
        }
      }
    }
    return targets;
  }

  private static void add(
      Set<Target> targets, Resource<?> resource, String namespace, String name) {
    targets.add(new Target(resource, new ObjectKey(namespace, name)));
  }

  /** The watched object; null when it is not watched, not there yet, or gone. */
  private synchronized @Nullable KubeObject watched(Resource<?> resource, ObjectKey key) {
    Following<?> found = following.get(new Target(resource, key));
    return found == null ? null : found.informer().lister().get(key).orElse(null);
  }

  @Override
  public Optional<ConfigMap> configMap(ObjectKey key) {
    return watched(Resources.CONFIG_MAPS, key) instanceof ConfigMap known
        ? Optional.of(known)
        : direct.configMap(key);
  }

  @Override
  public Optional<Secret> secret(ObjectKey key) {
    return watched(Resources.SECRETS, key) instanceof Secret known
        ? Optional.of(known)
        : direct.secret(key);
  }

  @Override
  public Optional<PersistentVolumeClaim> claim(ObjectKey key) {
    return watched(Resources.PERSISTENT_VOLUME_CLAIMS, key) instanceof PersistentVolumeClaim known
        ? Optional.of(known)
        : direct.claim(key);
  }

  @Override
  public Optional<PersistentVolume> persistentVolume(String name) {
    return direct.persistentVolume(name);
  }

  @Override
  public Optional<RuntimeClass> runtimeClass(String name) {
    return direct.runtimeClass(name);
  }

  @Override
  public Collection<Service> services() {
    return direct.services();
  }

  @Override
  public String token(Pod pod, String audience, Duration lifetime) {
    return direct.token(pod, audience, lifetime);
  }

  @Override
  public synchronized void close() {
    following.values().forEach(f -> f.feed().close());
    following.clear();
  }
}
