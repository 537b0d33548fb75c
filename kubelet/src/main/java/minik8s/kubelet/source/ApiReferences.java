package minik8s.kubelet.source;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import minik8s.api.ConfigMap;
import minik8s.api.ObjectKey;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.RuntimeClass;
import minik8s.api.Secret;
import minik8s.api.Service;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.informer.Lister;
import tools.jackson.databind.node.ObjectNode;

/**
 * References read from the API server when asked; services come from a local cache. Thread-safe.
 */
public final class ApiReferences implements References {
  private final Api api;
  private final Lister<Service> services;

  public ApiReferences(Api api, Lister<Service> services) {
    this.api = api;
    this.services = services;
  }

  @Override
  public Optional<ConfigMap> configMap(ObjectKey key) {
    return api.find(Resources.CONFIG_MAPS, key);
  }

  @Override
  public Optional<Secret> secret(ObjectKey key) {
    return api.find(Resources.SECRETS, key);
  }

  @Override
  public Optional<PersistentVolumeClaim> claim(ObjectKey key) {
    return api.find(Resources.PERSISTENT_VOLUME_CLAIMS, key);
  }

  @Override
  public Optional<PersistentVolume> persistentVolume(String name) {
    return api.find(Resources.PERSISTENT_VOLUMES, ObjectKey.cluster(name));
  }

  @Override
  public Optional<RuntimeClass> runtimeClass(String name) {
    return api.find(Resources.RUNTIME_CLASSES, ObjectKey.cluster(name));
  }

  @Override
  public Collection<Service> services() {
    return services.all();
  }

  @Override
  public String token(Pod pod, String audience, Duration lifetime) {
    String account = pod.spec().serviceAccountName();
    ObjectNode request = Json.object();
    request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
    ObjectNode spec = request.putObject("spec").put("expirationSeconds", lifetime.toSeconds());
    if (!audience.isEmpty()) {
      spec.putArray("audiences").add(audience);
    }
    spec.putObject("boundObjectRef")
        .put("kind", "Pod")
        .put("apiVersion", "v1")
        .put("name", pod.metadata().name())
        .put("uid", pod.uid());
    ObjectKey key =
        new ObjectKey(pod.metadata().namespace(), account.isEmpty() ? "default" : account);
    return api.post(Resources.SERVICE_ACCOUNTS, key, "token", request)
        .path("status")
        .path("token")
        .asString("");
  }
}
