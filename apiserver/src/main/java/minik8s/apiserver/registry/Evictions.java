package minik8s.apiserver.registry;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.LabelSelector;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.WatchCache;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes pods that may be disrupted, and takes the disruption off their budget first.
 *
 * <p>Thread-safe, also between servers: a budget is charged by compare-and-swap of its status, so
 * two evictions can never take the same last disruption. A server that is killed between the charge
 * and the deletion leaves one too few; the budget's controller counts again.
 *
 * <p>Source: Kubernetes' {@code pkg/registry/core/pod/storage/eviction.go}.
 */
final class Evictions {
  /** More evictions than this wait for nobody's confirmation. */
  private static final int UNCONFIRMED = 2_000;

  private static final Set<String> UNDISRUPTED = Set.of("Pending", "Succeeded", "Failed");
  private static final String REFUSED =
      "Cannot evict pod as it would violate the pod's disruption budget.";

  /** How often a budget is charged anew when others change it meanwhile. */
  private static final int ATTEMPTS = 16;

  private final WatchCache cache;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final ObjectDeleter deleter;
  private final InstantSource clock;

  Evictions(
      WatchCache cache,
      ObjectReader reader,
      ObjectWriter writer,
      ObjectDeleter deleter,
      InstantSource clock) {
    this.cache = cache;
    this.reader = reader;
    this.writer = writer;
    this.deleter = deleter;
    this.clock = clock;
  }

  /**
   * Evicts a pod.
   *
   * @param budgets the kind PodDisruptionBudget
   * @throws ApiException TooManyRequests while a budget forbids it
   */
  void evict(Kind budgets, Target target, DeleteOptions options) {
    CachedObject pod = reader.get(target.kind(), target.namespace(), target.name(), null);
    ObjectNode document = pod.tree();
    if (undisrupted(document)) {
      var _ = deleter.delete(target, pinned(document, pod, options));
      return;
    }
    List<ObjectNode> guards = budgetsOf(budgets, document);
    if (guards.size() > 1) {
      throw Failure.internal(
              "This pod has more than one PodDisruptionBudget, which the eviction subresource does"
                  + " not support.")
          .asException();
    }
    DeleteOptions wish = options;
    if (!guards.isEmpty()) {
      ObjectNode budget = guards.getFirst();
      if (!ready(document) && unhealthyMayGo(budget)) {
        // Only while it is as it was seen: a pod that became ready meanwhile needs the budget.
        wish = at(options, pod);
      } else {
        charge(budgets, target, budget, options.dryRun());
      }
    }
    if (!options.dryRun()) {
      wish = marked(target, pod, wish);
    }
    var _ = deleter.delete(target, wish);
  }

  /** Nobody is disrupted by the end of a pod that does not run, or that ends already. */
  private static boolean undisrupted(JsonNode pod) {
    return Documents.deleting(pod)
        || UNDISRUPTED.contains(pod.path("status").path("phase").asString(""));
  }

  /** A pending pod may start running meanwhile, and then it is somebody's loss. */
  private static DeleteOptions pinned(JsonNode document, CachedObject pod, DeleteOptions options) {
    boolean pending = document.path("status").path("phase").asString("").equals("Pending");
    return pending && !Documents.deleting(document) ? at(options, pod) : options;
  }

  private static DeleteOptions at(DeleteOptions options, CachedObject pod) {
    return options.resourceVersion().isEmpty()
        ? options.at(Long.toString(pod.revision()))
        : options;
  }

  private List<ObjectNode> budgetsOf(Kind budgets, JsonNode pod) {
    Map<String, String> labels =
        Json.read(pod.path("metadata"), minik8s.api.ObjectMeta.class).labels();
    List<ObjectNode> matching = new ArrayList<>();
    String namespace = Documents.text(pod, "namespace");
    for (CachedObject each : cache.resource(Folders.of(budgets)).snapshot(namespace).objects()) {
      ObjectNode budget = each.tree();
      JsonNode selector = budget.path("spec").path("selector");
      if (selector.isObject() && Json.read(selector, LabelSelector.class).matches(labels)) {
        matching.add(budget);
      }
    }
    return matching;
  }

  private static boolean ready(JsonNode pod) {
    return pod.path("status")
        .path("conditions")
        .valueStream()
        .anyMatch(each ->
            each.path("type").asString("").equals("Ready")
                && each.path("status").asString("").equals("True"));
  }

  private static boolean unhealthyMayGo(JsonNode budget) {
    if (budget.path("spec").path("unhealthyPodEvictionPolicy").asString("").equals("AlwaysAllow")) {
      return true;
    }
    JsonNode status = budget.path("status");
    int desired = status.path("desiredHealthy").asInt(0);
    return desired > 0 && status.path("currentHealthy").asInt(0) >= desired;
  }

  private void charge(Kind budgets, Target pod, ObjectNode budget, boolean dryRun) {
    Target target = new Target(budgets, pod.namespace(), Documents.name(budget));
    for (int attempt = 1; ; attempt++) {
      try {
        var _ =
            writer.change(
                target,
                ObjectWriter.Part.STATUS,
                dryRun,
                present -> {
                  take(present, pod.name());
                  return present;
                });
        return;
      } catch (ApiException e) {
        if (!e.conflict() || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Takes one disruption off the budget's status. */
  private void take(ObjectNode budget, String pod) {
    String name = Documents.name(budget);
    ObjectNode status = budget.withObjectProperty("status");
    long observed = status.path("observedGeneration").asLong(0);
    if (observed < budget.path("metadata").path("generation").asLong(0)) {
      throw refused(
          "The disruption budget " + name + " is still being processed by the server.", 10);
    }
    int allowed = status.path("disruptionsAllowed").asInt(0);
    if (allowed < 0) {
      throw forbidden(name, "pdb disruptions allowed is negative");
    }
    if (status.path("disruptedPods").size() > UNCONFIRMED) {
      throw forbidden(
          name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if (allowed == 0) {
      throw refused(
          "The disruption budget %s needs %d healthy pods and has %d currently"
              .formatted(
                  name,
                  status.path("desiredHealthy").asInt(0),
                  status.path("currentHealthy").asInt(0)),
          0);
    }
    status.put("disruptionsAllowed", allowed - 1);
    String now = Json.time(clock.instant());
    status.withObjectProperty("disruptedPods").put(pod, now);
    if (allowed == 1) {
      exhausted(status, budget.path("metadata").path("generation").asLong(0), now);
    }
  }

  private static void exhausted(ObjectNode status, long generation, String now) {
    for (JsonNode each : status.path("conditions")) {
      if (each instanceof ObjectNode condition
          && condition.path("type").asString("").equals("DisruptionAllowed")) {
        if (!condition.path("status").asString("").equals("False")) {
          condition.put("lastTransitionTime", now);
        }
        condition.put("status", "False").put("reason", "InsufficientPods").put("message", "");
        condition.put("observedGeneration", generation);
      }
    }
  }

  /** Says on the pod why it ends, for those who judge its failure. */
  private DeleteOptions marked(Target target, CachedObject pod, DeleteOptions options) {
    String uid = options.uid().isEmpty() ? Documents.text(pod.tree(), "uid") : options.uid();
    Written written =
        writer.change(
            target,
            ObjectWriter.Part.STATUS,
            false,
            present -> {
              requireSame(target, present, uid, options);
              disrupted(present);
              return present;
            });
    DeleteOptions same = options.of(uid);
    return options.resourceVersion().isEmpty()
        ? same
        : same.at(Documents.text(written.document(), "resourceVersion"));
  }

  private static void requireSame(
      Target target, ObjectNode pod, String uid, DeleteOptions options) {
    String version = options.resourceVersion();
    boolean other = !Documents.text(pod, "uid").equals(uid);
    boolean changed = !version.isEmpty() && !version.equals(Documents.text(pod, "resourceVersion"));
    if (other || changed) {
      throw Failure.conflict(
              "",
              "pods",
              target.name(),
              "Precondition failed: the pod has changed since the eviction looked at it")
          .asException();
    }
  }

  private void disrupted(ObjectNode pod) {
    ArrayNode conditions = pod.withObjectProperty("status").withArrayProperty("conditions");
    ObjectNode mark = null;
    for (JsonNode each : conditions) {
      if (each instanceof ObjectNode known
          && known.path("type").asString("").equals("DisruptionTarget")) {
        mark = known;
      }
    }
    if (mark == null) {
      mark = conditions.addObject().put("type", "DisruptionTarget");
    }
    mark.put("status", "True").put("lastTransitionTime", Json.time(clock.instant()));
    mark.put("reason", "EvictionByEvictionAPI").put("message", "Eviction API: evicting");
    long generation = pod.path("metadata").path("generation").asLong(0);
    if (generation > 0) {
      mark.put("observedGeneration", generation);
    }
  }

  private static RuntimeException refused(String why, int retryAfterSeconds) {
    Failure.Cause cause = new Failure.Cause("DisruptionBudget", why, "");
    return new Failure(
            Failure.Reason.TooManyRequests,
            REFUSED,
            "",
            "",
            "",
            List.of(cause),
            retryAfterSeconds == 0 ? null : retryAfterSeconds)
        .asException();
  }

  private static RuntimeException forbidden(String name, String why) {
    return Failure.forbidden(
            "policy",
            "poddisruptionbudgets",
            name,
            "poddisruptionbudgets.policy \"" + name + "\" is forbidden: " + why)
        .asException();
  }
}
