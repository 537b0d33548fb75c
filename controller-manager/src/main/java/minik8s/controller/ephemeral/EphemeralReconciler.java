package minik8s.controller.ephemeral;

import java.util.List;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.Volume;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.Reconciler;
import minik8s.control.WorkQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the claim {@code POD-VOLUME} for each generic ephemeral volume of a pod that has not
 * started yet. The claim is the pod's, so it goes with the pod. Thread-safe. Source: Kubernetes'
 * {@code volume/ephemeral} controller.
 */
public final class EphemeralReconciler implements Reconciler {
  private final Api api;
  private final Lister<Pod> pods;

  public EphemeralReconciler(Api api, Lister<Pod> pods) {
    this.api = api;
    this.pods = pods;
  }

  /** Registers what wakes it: a pod that brings claims along. */
  public static void wire(WorkQueue<ObjectKey> queue, Informer<Pod> pods) {
    pods.onChange((_, now) -> {
      if (now != null && waits(now)) {
        queue.add(now.key());
      }
    });
  }

  /** A pod that has started has its claims. */
  private static boolean waits(Pod pod) {
    return pod.active() && pod.status().startTime() == null && !volumes(pod).isEmpty();
  }

  private static List<Volume> volumes(Pod pod) {
    return pod.spec().volumes().stream().filter(v -> v.ephemeral() != null).toList();
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<Pod> pod = pods.get(key).filter(EphemeralReconciler::waits);
    if (pod.isPresent()) {
      for (Volume volume : volumes(pod.get())) {
        create(pod.get(), volume);
      }
    }
    return Result.DONE;
  }

  private void create(Pod pod, Volume volume) {
    ObjectNode claim = claim(pod, volume);
    ObjectKey key =
        new ObjectKey(pod.metadata().namespace(), claim.path("metadata").path("name").asString(""));
    if (api.find(Resources.PERSISTENT_VOLUME_CLAIMS, key).isPresent()) {
      return;
    }
    try {
      api.create(Resources.PERSISTENT_VOLUME_CLAIMS, key.namespace(), claim);
    } catch (ApiException e) {
      if (!e.alreadyExists()) {
        throw e;
      }
    }
  }

  /** The claim that the volume's template describes. */
  static ObjectNode claim(Pod pod, Volume volume) {
    ObjectNode claim = Json.object();
    claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
    ObjectNode meta = claim.putObject("metadata");
    Volume.Ephemeral source = volume.ephemeral();
    if (source != null && source.volumeClaimTemplate() != null) {
      JsonNode template = source.volumeClaimTemplate().copy();
      for (String field : List.of("labels", "annotations")) {
        if (template.path("metadata").has(field)) {
          meta.set(field, template.path("metadata").get(field));
        }
      }
      if (template.has("spec")) {
        claim.set("spec", template.get("spec"));
      }
    }
    meta.put("name", pod.metadata().name() + "-" + volume.name());
    meta.put("namespace", pod.metadata().namespace());
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("name", pod.metadata().name())
        .put("uid", pod.uid())
        .put("controller", true)
        .put("blockOwnerDeletion", true);
    return claim;
  }
}
