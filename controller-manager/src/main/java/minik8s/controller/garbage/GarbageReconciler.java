package minik8s.controller.garbage;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.PartialObject;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.control.Reconciler;
import minik8s.controller.garbage.GarbagePlan.Action;
import minik8s.controller.garbage.GarbagePlan.View;
import minik8s.controller.patch.Patches;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Performs the collector's decisions; keys are uids. Thread-safe.
 *
 * <p>Every write is guarded by uid and revision, so that a decision taken on an old picture fails
 * as a conflict and is taken again.
 */
public final class GarbageReconciler implements Reconciler {
  /** The key that stands for "see what kinds there are". */
  public static final ObjectKey DISCOVER = ObjectKey.cluster("discover");

  private static final Logger LOG = LoggerFactory.getLogger(GarbageReconciler.class);
  private static final Duration UNTIL_READY = Duration.ofMillis(200);
  private static final Duration UNTIL_KIND_KNOWN = Duration.ofSeconds(30);

  private final Api api;
  private final Sources sources;

  public GarbageReconciler(Api api, Sources sources) {
    this.api = api;
    this.sources = sources;
  }

  @Override
  public Result reconcile(ObjectKey key) {
    if (key.equals(DISCOVER)) {
      return discover();
    }
    if (!sources.ready()) {
      return Result.after(UNTIL_READY);
    }
    // A second look follows only when the API server was asked about owners.
    for (int look = 0; look < 2; look++) {
      Optional<View> view = sources.graph().view(key.name());
      if (view.isEmpty()) {
        return Result.DONE;
      }
      boolean again = false;
      for (Action action : GarbagePlan.next(view.get())) {
        again |= perform(view.get().item(), action);
      }
      if (!again) {
        return Result.DONE;
      }
    }
    return Result.after(UNTIL_KIND_KNOWN);
  }

  private Result discover() {
    List<String> failures = sources.refresh().failures();
    failures.forEach(failure -> LOG.warn("discovery: {}", failure));
    return failures.isEmpty() ? Result.DONE : Result.after(UNTIL_KIND_KNOWN);
  }

  /** Performs one action; true when the plan should be made again. */
  private boolean perform(Item item, Action action) {
    return switch (action) {
      case Action.Delete(String policy) -> {
        delete(item, policy);
        yield false;
      }
      case Action.Disown(List<String> uids) -> {
        disown(item, uids);
        yield false;
      }
      case Action.Release(Item dependent) -> {
        disown(dependent, List.of(item.uid()));
        yield false;
      }
      case Action.Unblock() -> {
        unblock(item);
        yield false;
      }
      case Action.Finish(String finalizer) -> {
        finish(item, finalizer);
        yield false;
      }
      case Action.Verify(List<OwnerReference> owners) -> {
        owners.forEach(owner -> verify(item, owner));
        yield true;
      }
    };
  }

  private void delete(Item item, String policy) {
    LOG.info("deleting {} {}: no owner is left", item.resource().plural(), item.key());
    unlessGone(
        item,
        () ->
            api.delete(
                item.resource(),
                item.key(),
                new DeleteOptions(null, policy, item.uid(), item.meta().resourceVersion())));
  }

  private void disown(Item item, List<String> uids) {
    ArrayNode owners = Json.object().putArray("ownerReferences");
    item.meta().ownerReferences().stream()
        .filter(ref -> !uids.contains(ref.uid()))
        .forEach(ref -> owners.add(Json.tree(ref)));
    patch(item, "ownerReferences", owners);
  }

  private void unblock(Item item) {
    ArrayNode owners = Json.object().putArray("ownerReferences");
    item.meta()
        .ownerReferences()
        .forEach(ref -> owners.add(Json.tree(ref).put("blockOwnerDeletion", false)));
    patch(item, "ownerReferences", owners);
  }

  private void finish(Item item, String finalizer) {
    ArrayNode finalizers = Json.object().putArray("finalizers");
    item.meta().finalizers().stream().filter(f -> !f.equals(finalizer)).forEach(finalizers::add);
    patch(item, "finalizers", finalizers);
  }

  /** Replaces a list of the metadata, unless the object changed since it was seen. */
  private void patch(Item item, String field, ArrayNode list) {
    ObjectNode patch = Patches.guarded(new Trace(item.meta()));
    patch.withObject("metadata").set(field, list.isEmpty() ? Json.object().nullNode() : list);
    unlessGone(
        item,
        () ->
            api.patch(
                item.resource().as(PartialObject.class), item.key(), "", PatchType.MERGE, patch));
  }

  private static void unlessGone(Item item, Runnable request) {
    try {
      request.run();
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
      LOG.debug("{} {} is gone already", item.resource().plural(), item.key());
    }
  }

  private void verify(Item item, OwnerReference owner) {
    Optional<Resource<PartialObject>> found = sources.resource(owner.apiVersion(), owner.kind());
    if (found.isEmpty()) {
      return;
    }
    Resource<PartialObject> resource = found.get();
    String namespace = resource.namespaced() ? item.meta().namespace() : "";
    if (resource.namespaced() && namespace.isEmpty()) {
      return;
    }
    Optional<PartialObject> live = api.find(resource, new ObjectKey(namespace, owner.name()));
    if (live.isPresent() && live.get().uid().equals(owner.uid())) {
      sources.wake(sources.graph().confirm(resource, live.get().metadata()));
    } else {
      sources.wake(sources.graph().forget(owner.uid()));
    }
  }
}
