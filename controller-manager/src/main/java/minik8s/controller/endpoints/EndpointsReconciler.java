package minik8s.controller.endpoints;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.Service;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;
import minik8s.control.Reconciler;
import minik8s.controller.endpoints.EndpointsPlan.Action;
import minik8s.controller.patch.Patches;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Keeps Endpoints and EndpointSlices of services with a selector up to date. Thread-safe. */
public final class EndpointsReconciler implements Reconciler {
  private final Api api;
  private final Lister<Service> services;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByNamespace;
  private final Lister<EndpointsObject> endpoints;
  private final Lister<EndpointSlice> slices;
  private final Index<EndpointSlice> slicesByService;

  /**
   * @param slicesByService made by {@link EndpointsTriggers#byService}
   */
  public EndpointsReconciler(
      Api api,
      Lister<Service> services,
      Lister<Pod> pods,
      Index<Pod> podsByNamespace,
      Lister<EndpointsObject> endpoints,
      Lister<EndpointSlice> slices,
      Index<EndpointSlice> slicesByService) {
    this.api = api;
    this.services = services;
    this.pods = pods;
    this.podsByNamespace = podsByNamespace;
    this.endpoints = endpoints;
    this.slices = slices;
    this.slicesByService = slicesByService;
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<Service> service = services.get(key);
    Optional<EndpointsObject> old = endpoints.get(key);
    List<EndpointSlice> oldSlices = slices.by(slicesByService, key.toString());
    if (service.isEmpty()) {
      EndpointsPlan.leftovers(old, oldSlices).forEach(action -> perform(null, key, action));
    } else if (EndpointsPlan.concerns(service.get())) {
      List<Backend> backends = Backend.of(service.get(), selected(service.get()));
      EndpointsPlan.next(service.get(), backends, old, oldSlices)
          .forEach(action -> perform(service.get(), key, action));
    }
    return Result.DONE;
  }

  private List<Pod> selected(Service service) {
    Map<String, String> selector = service.spec().selector();
    return pods.by(podsByNamespace, service.metadata().namespace()).stream()
        .filter(pod -> pod.metadata().labels().entrySet().containsAll(selector.entrySet()))
        .toList();
  }

  private void perform(@Nullable Service service, ObjectKey key, Action action) {
    switch (action) {
      case Action.WriteEndpoints write -> {
        ObjectNode body = body(write.old(), key.name());
        labels(service, body).put(EndpointsObject.MANAGED_BY, EndpointsObject.CONTROLLER);
        body.set("subsets", write.subsets());
        write(EndpointsObject.RESOURCE, key, write.old(), body);
      }
      case Action.WriteSlice write -> {
        ObjectNode body = body(write.old(), write.name());
        ObjectNode labels = labels(service, body);
        labels.put(EndpointSlice.SERVICE, key.name());
        labels.put(EndpointSlice.MANAGED_BY, EndpointSlice.CONTROLLER);
        if (service != null) {
          body.withObject("metadata")
              .putArray("ownerReferences")
              .add(Json.tree(OwnerReference.controller(Resources.SERVICES, service)));
        }
        body.put("addressType", "IPv4");
        body.set("endpoints", write.slice().endpoints());
        body.set("ports", write.slice().ports());
        write(
            EndpointSlice.RESOURCE,
            new ObjectKey(key.namespace(), write.name()),
            write.old(),
            body);
      }
      case Action.DeleteEndpoints(EndpointsObject old) -> delete(EndpointsObject.RESOURCE, old);
      case Action.DeleteSlice(EndpointSlice old) -> delete(EndpointSlice.RESOURCE, old);
    }
  }

  private static ObjectNode body(@Nullable KubeObject old, String name) {
    ObjectNode body = old == null ? Json.object() : Patches.guarded(old);
    body.withObject("metadata").put("name", name);
    return body;
  }

  private static ObjectNode labels(@Nullable Service service, ObjectNode body) {
    Map<String, String> labels =
        new HashMap<>(service == null ? Map.of() : service.metadata().labels());
    ObjectNode node = body.withObject("metadata").putObject("labels");
    labels.forEach(node::put);
    return node;
  }

  private <T> void write(
      Resource<T> resource, ObjectKey key, @Nullable KubeObject old, ObjectNode body) {
    try {
      if (old == null) {
        api.create(resource, key.namespace(), body);
      } else {
        api.patch(resource, key, "", PatchType.MERGE, body);
      }
    } catch (ApiException e) {
      // The namespace is going, or another look will follow from the watch.
      if (!e.notFound() && !e.alreadyExists() && !e.failure().namespaceTerminating()) {
        throw e;
      }
    }
  }

  private void delete(Resource<?> resource, KubeObject old) {
    try {
      api.delete(resource, old.key(), DeleteOptions.ofUid(old.uid()));
    } catch (ApiException e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }
}
