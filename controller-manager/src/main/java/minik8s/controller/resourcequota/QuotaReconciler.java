package minik8s.controller.resourcequota;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.api.ApiException;
import minik8s.api.ObjectKey;
import minik8s.api.PartialObject;
import minik8s.api.Quantity;
import minik8s.api.Resource;
import minik8s.api.ResourceQuota;
import minik8s.api.quota.Amounts;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.controller.discovery.Discovery;
import minik8s.controller.discovery.Served;
import minik8s.controller.patch.Patches;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts quotas into force and counts what there is. Thread-safe.
 *
 * <p>The API server charges and refunds each write exactly, so this counts when a quota is new or
 * changed, and now and then to make good what a killed API server left charged.
 */
public final class QuotaReconciler implements Reconciler {
  /** How often is counted although nothing asks for it. Source: kube-controller-manager's flag. */
  static final Duration RESYNC = Duration.ofMinutes(5);

  /** How long a quota must be left alone before its charges count as landed. */
  static final Duration SETTLED = Duration.ofSeconds(5);

  private final Api api;
  private final Lister<ResourceQuota> quotas;
  private final Discovery discovery;
  private final Timers timers;
  private final Map<String, Seen> doubtful = new ConcurrentHashMap<>();

  /** A revision of a quota that said too much, and since when it is known. */
  private record Seen(String resourceVersion, Instant since) {}

  public QuotaReconciler(
      Api api, Lister<ResourceQuota> quotas, Discovery discovery, Timers timers) {
    this.api = api;
    this.quotas = quotas;
    this.discovery = discovery;
    this.timers = timers;
  }

  /** Registers what wakes it: new limits. What the API server charges does not. */
  public static void wire(WorkQueue<ObjectKey> queue, Informer<ResourceQuota> quotas) {
    quotas.onChange((old, now) -> {
      if (now != null && (old == null || !old.spec().equals(now.spec()))) {
        queue.add(now.key());
      }
    });
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ResourceQuota> cached = quotas.get(key);
    if (cached.isEmpty()) {
      return Result.DONE;
    }
    // The count must be newer than the quota, so both are read from the API server itself.
    Optional<ResourceQuota> found = api.find(ResourceQuota.RESOURCE, key);
    if (found.isEmpty() || found.get().metadata().deleting()) {
      doubtful.remove(cached.get().uid());
      return Result.DONE;
    }
    ResourceQuota quota = found.get();
    Map<String, Quantity> hard = QuotaPlan.hard(quota);
    Map<String, Quantity> counted = count(quota, hard.keySet());
    boolean settled = settled(quota);
    Map<String, Quantity> used = QuotaPlan.used(hard, quota.status().used(), counted, settled);
    ResourceQuota written = write(quota, new ResourceQuota.Status(hard, used));
    if (QuotaPlan.overstated(used, counted)) {
      doubtful.put(
          quota.uid(), new Seen(written.metadata().resourceVersion(), timers.clock().instant()));
      return Result.after(SETTLED);
    }
    doubtful.remove(quota.uid());
    return Result.after(RESYNC);
  }

  private boolean settled(ResourceQuota quota) {
    @Nullable Seen seen = doubtful.get(quota.uid());
    return seen != null
        && seen.resourceVersion().equals(quota.metadata().resourceVersion())
        && !seen.since().plus(SETTLED).isAfter(timers.clock().instant());
  }

  private Map<String, Quantity> count(ResourceQuota quota, Set<String> limits) {
    Map<String, Quantity> sum = new TreeMap<>();
    for (Resource<PartialObject> resource : resources(QuotaPlan.kinds(limits))) {
      List<ObjectNode> objects =
          api.list(resource.as(ObjectNode.class), ListOptions.in(quota.metadata().namespace()))
              .items();
      sum = Amounts.plus(sum, QuotaPlan.cost(quota, resource.group(), resource.plural(), objects));
    }
    return sum;
  }

  /** The resources of these names; the core group's need no discovery. */
  private List<Resource<PartialObject>> resources(Set<String> names) {
    List<Resource<PartialObject>> found = new ArrayList<>();
    boolean others = false;
    for (String name : names) {
      if (CORE.contains(name)) {
        found.add(new Resource<>("", "v1", name, "", true, PartialObject.class));
      } else {
        others = true;
      }
    }
    if (others) {
      discovery.read().resources().stream()
          .filter(served -> names.contains(served.name()) && !CORE.contains(served.name()))
          .filter(served -> served.can("list") && served.resource().namespaced())
          .map(Served::resource)
          .forEach(found::add);
    }
    return found;
  }

  private static final Set<String> CORE =
      Set.of(
          "configmaps",
          "persistentvolumeclaims",
          "pods",
          "replicationcontrollers",
          "resourcequotas",
          "secrets",
          "services");

  private ResourceQuota write(ResourceQuota quota, ResourceQuota.Status status) {
    ResourceQuota.Status old = quota.status();
    if (old.equals(status)) {
      return quota;
    }
    ObjectNode patch = Patches.guarded(quota);
    ObjectNode body = patch.putObject("status");
    merge(body.putObject("hard"), old.hard(), status.hard());
    merge(body.putObject("used"), old.used(), status.used());
    try {
      return api.patch(ResourceQuota.RESOURCE, quota.key(), "status", PatchType.MERGE, patch);
    } catch (ApiException e) {
      if (e.notFound()) {
        return quota;
      }
      throw e;
    }
  }

  /** A merge patch keeps the keys that it does not name. */
  private static void merge(ObjectNode into, Map<String, Quantity> old, Map<String, Quantity> now) {
    Amounts.write(now, into);
    old.keySet().stream().filter(name -> !now.containsKey(name)).forEach(into::putNull);
  }
}
