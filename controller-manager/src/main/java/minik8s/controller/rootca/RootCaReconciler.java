package minik8s.controller.rootca;

import java.util.Map;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.ConfigMap;
import minik8s.api.Namespace;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.Reconciler;
import minik8s.control.WorkQueue;
import minik8s.controller.patch.Patches;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the cluster's CA certificate in every namespace, where pods that talk to the API server
 * find it. Thread-safe.
 */
public final class RootCaReconciler implements Reconciler {
  /** The ConfigMap's name in each namespace. */
  public static final String NAME = "kube-root-ca.crt";

  private static final String KEY = "ca.crt";
  private static final Map<String, String> DESCRIPTION =
      Map.of(
          "kubernetes.io/description",
          "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
              + " endpoints such as the internal service IP or kubernetes.default.svc. No other"
              + " usage is guaranteed across distributions of Kubernetes clusters.");

  private final Api api;
  private final Lister<Namespace> namespaces;
  private final Lister<ConfigMap> maps;
  private final Map<String, String> data;

  /**
   * @param bundle PEM text
   */
  public RootCaReconciler(
      Api api, Lister<Namespace> namespaces, Lister<ConfigMap> maps, String bundle) {
    this.api = api;
    this.namespaces = namespaces;
    this.maps = maps;
    this.data = Map.of(KEY, bundle);
  }

  /**
   * Registers what wakes it: a namespace, or any change of a map of that name.
   *
   * @param maps shows at least the maps of that name
   */
  public static void wire(
      WorkQueue<ObjectKey> queue, Informer<Namespace> namespaces, Informer<ConfigMap> maps) {
    namespaces.onChange((_, now) -> {
      if (now != null) {
        queue.add(now.key());
      }
    });
    maps.onChange((old, now) -> {
      ConfigMap map = now == null ? old : now;
      if (map != null && map.metadata().name().equals(NAME)) {
        queue.add(ObjectKey.cluster(map.metadata().namespace()));
      }
    });
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<Namespace> namespace = namespaces.get(key);
    if (namespace.isEmpty() || namespace.get().metadata().deleting()) {
      return Result.DONE;
    }
    Optional<ConfigMap> map = maps.get(new ObjectKey(key.name(), NAME));
    if (map.isEmpty()) {
      create(key.name());
    } else if (!map.get().data().equals(data)) {
      restore(map.get());
    }
    return Result.DONE;
  }

  private void create(String namespace) {
    ObjectMeta meta = ObjectMeta.of(namespace, NAME, Map.of()).withAnnotations(DESCRIPTION);
    try {
      api.create(Resources.CONFIG_MAPS, namespace, new ConfigMap(meta, data, Map.of()));
    } catch (ApiException e) {
      if (!e.alreadyExists()) {
        throw e;
      }
    }
  }

  /** Puts the bundle back and takes whatever else was put there away. */
  private void restore(ConfigMap map) {
    ObjectNode patch = Patches.guarded(map);
    ObjectNode wanted = patch.putObject("data");
    map.data().keySet().forEach(wanted::putNull);
    wanted.setAll(Json.tree(data));
    api.patch(Resources.CONFIG_MAPS, map.key(), "", PatchType.MERGE, patch);
  }
}
