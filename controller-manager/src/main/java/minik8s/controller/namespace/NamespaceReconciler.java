package minik8s.controller.namespace;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minik8s.api.ApiException;
import minik8s.api.KubeObject;
import minik8s.api.Namespace;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.PartialObject;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Lister;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.controller.discovery.Discovery;
import minik8s.controller.discovery.Served;
import minik8s.controller.namespace.NamespacePlan.Action;
import minik8s.controller.patch.Patches;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes what is in a namespace that is being deleted, waits until it is gone, and lets the
 * namespace go. Thread-safe.
 */
public final class NamespaceReconciler implements Reconciler {
  private static final Duration SOON = Duration.ofMillis(250);
  private static final Duration LATE = Duration.ofSeconds(15);

  private final Api api;
  private final Discovery discovery;
  private final Lister<Namespace> namespaces;
  private final Timers timers;

  public NamespaceReconciler(
      Api api, Discovery discovery, Lister<Namespace> namespaces, Timers timers) {
    this.api = api;
    this.discovery = discovery;
    this.namespaces = namespaces;
    this.timers = timers;
  }

  @Override
  public Result reconcile(ObjectKey key) throws InterruptedException {
    Optional<Namespace> found = namespaces.get(key).filter(NamespacePlan::concerns);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    Namespace namespace = found.get();
    Discovery.Found served = discovery.read();
    List<Served> kinds = NamespacePlan.kinds(served.resources());
    List<String> failures = new ArrayList<>();
    Content content = look(key.name(), kinds, served.failures());
    // What has no grace is gone by the second look, and then so is the namespace.
    for (int look = 0; look < 2; look++) {
      List<Action> actions = NamespacePlan.next(namespace, content);
      for (Action action : actions) {
        switch (action) {
          case Action.Empty(Served kind) -> empty(key.name(), kind, failures);
          case Action.Finish(List<String> finalizers) -> {
            finish(namespace, finalizers);
            return Result.DONE;
          }
        }
      }
      content = actions.isEmpty() ? content : look(key.name(), kinds, served.failures());
    }
    failures.addAll(content.contentFailures());
    report(namespace, content.withFailures(failures));
    return Result.after(again(namespace));
  }

  /** Lists every kind, side by side. */
  private Content look(String namespace, List<Served> kinds, List<String> discoveryFailures)
      throws InterruptedException {
    Map<Served, List<ObjectMeta>> listed = new LinkedHashMap<>();
    List<String> failures = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Served, Future<List<ObjectMeta>>> answers = new LinkedHashMap<>();
      kinds.forEach(kind -> answers.put(kind, threads.submit(() -> list(namespace, kind))));
      for (Map.Entry<Served, Future<List<ObjectMeta>>> answer : answers.entrySet()) {
        try {
          listed.put(answer.getKey(), answer.getValue().get());
        } catch (ExecutionException e) {
          failures.add(answer.getKey().name() + ": " + reason(e));
        }
      }
    }
    return Content.of(listed, discoveryFailures, failures);
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  private List<ObjectMeta> list(String namespace, Served kind) {
    return api.list(kind.resource(), ListOptions.in(namespace)).items().stream()
        .map(PartialObject::metadata)
        .toList();
  }

  private void empty(String namespace, Served kind, List<String> failures) {
    try {
      for (PartialObject object : api.list(kind.resource(), ListOptions.in(namespace)).items()) {
        if (!object.metadata().deleting()) {
          delete(kind, object);
        }
      }
    } catch (ApiException e) {
      failures.add(kind.name() + ": " + e.getMessage());
    }
  }

  private void delete(Served kind, KubeObject object) {
    try {
      api.delete(kind.resource(), object.key(), DeleteOptions.ofUid(object.uid()));
    } catch (ApiException e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }

  private void finish(Namespace namespace, List<String> finalizers) {
    JsonNode live = api.get(Resources.NAMESPACES.as(JsonNode.class), namespace.key());
    if (!live.path("metadata").path("uid").asString("").equals(namespace.uid())) {
      return;
    }
    ObjectNode body = (ObjectNode) live.deepCopy();
    ArrayNode list = body.withObject("spec").putArray("finalizers");
    finalizers.forEach(list::add);
    api.put(Resources.NAMESPACES, namespace.key(), "finalize", body);
  }

  /** What vanishes wakes nobody, so look again: soon at first, seldom when something is stuck. */
  private Duration again(Namespace namespace) {
    Instant since = namespace.metadata().deletionTimestamp();
    if (since == null) {
      return SOON;
    }
    Duration quarter = Duration.between(since, timers.clock().instant()).dividedBy(4);
    Duration atLeast = quarter.compareTo(SOON) < 0 ? SOON : quarter;
    return atLeast.compareTo(LATE) > 0 ? LATE : atLeast;
  }

  private void report(Namespace namespace, Content content) {
    Instant now = timers.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    Namespace.Status status = NamespaceStatuses.of(namespace, content, now);
    if (!status.equals(namespace.status())) {
      api.patch(
          Resources.NAMESPACES,
          namespace.key(),
          "status",
          PatchType.MERGE,
          Patches.status(namespace, namespace.status(), status));
    }
  }
}
