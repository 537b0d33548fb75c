package minik8s.controller.disruption;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.Deployment;
import minik8s.api.LabelSelector;
import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.api.PodDisruptionBudget;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.controller.disruption.DisruptionPlan.Bounds;
import minik8s.controller.disruption.DisruptionPlan.Count;
import minik8s.controller.patch.Patches;
import minik8s.controller.scale.Scales;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the status of disruption budgets true. Thread-safe. */
public final class DisruptionReconciler implements Reconciler {
  private final Api api;
  private final Lister<PodDisruptionBudget> budgets;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByNamespace;
  private final Lister<ReplicaSet> sets;
  private final Lister<Deployment> deployments;
  private final Scales scales;
  private final EventRecorder events;
  private final Timers timers;

  public DisruptionReconciler(
      Api api,
      Lister<PodDisruptionBudget> budgets,
      Lister<Pod> pods,
      Index<Pod> podsByNamespace,
      Lister<ReplicaSet> sets,
      Lister<Deployment> deployments,
      Scales scales,
      EventRecorder events,
      Timers timers) {
    this.api = api;
    this.budgets = budgets;
    this.pods = pods;
    this.podsByNamespace = podsByNamespace;
    this.sets = sets;
    this.deployments = deployments;
    this.scales = scales;
    this.events = events;
    this.timers = timers;
  }

  /** Registers what wakes a budget: itself, and pods that it selects. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      Informer<PodDisruptionBudget> budgets,
      Index<PodDisruptionBudget> byNamespace,
      Informer<Pod> pods) {
    budgets.onChange((_, now) -> {
      if (now != null) {
        queue.add(now.key());
      }
    });
    pods.onChange((old, now) -> {
      if (old == null || now == null || matters(old, now)) {
        wake(queue, budgets, byNamespace, old);
        wake(queue, budgets, byNamespace, now);
      }
    });
  }

  private static boolean matters(Pod old, Pod now) {
    return old.ready() != now.ready()
        || old.metadata().deleting() != now.metadata().deleting()
        || !old.metadata().labels().equals(now.metadata().labels())
        || !old.metadata().ownerReferences().equals(now.metadata().ownerReferences())
        || !old.uid().equals(now.uid());
  }

  private static void wake(
      WorkQueue<ObjectKey> queue,
      Informer<PodDisruptionBudget> budgets,
      Index<PodDisruptionBudget> byNamespace,
      @Nullable Pod pod) {
    if (pod != null) {
      budgets.lister().by(byNamespace, pod.metadata().namespace()).stream()
          .filter(budget -> selects(budget, pod))
          .forEach(budget -> queue.add(budget.key()));
    }
  }

  private static boolean selects(PodDisruptionBudget budget, Pod pod) {
    LabelSelector selector = budget.spec().selector();
    return selector != null && selector.matches(pod.metadata().labels());
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<PodDisruptionBudget> found = budgets.get(key);
    if (found.isEmpty() || found.get().metadata().deleting()) {
      return Result.DONE;
    }
    PodDisruptionBudget budget = found.get();
    Instant now = timers.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    List<Pod> selected =
        pods.by(podsByNamespace, key.namespace()).stream()
            .filter(pod -> selects(budget, pod))
            .toList();
    Count count = DisruptionPlan.count(budget, selected, now);
    for (Pod pod : count.overdue()) {
      events.warning(
          Resources.PODS,
          pod,
          "NotDeleted",
          "Pod was expected by PDB %s to be deleted but it wasn't".formatted(key));
    }
    try {
      int wanted = DisruptionPlan.needsScale(budget) ? wanted(budget, selected) : 0;
      Bounds bounds = Bounds.of(budget, selected.size(), wanted);
      write(budget, DisruptionStatuses.counted(budget, bounds, count, now));
    } catch (Unknown e) {
      String why = String.valueOf(e.getMessage());
      events.warning(
          Resources.POD_DISRUPTION_BUDGETS,
          budget,
          "CalculateExpectedPodCountFailed",
          "Failed to calculate the number of expected pods: " + why);
      write(budget, DisruptionStatuses.failed(budget, why, now));
    }
    Instant recheck = count.recheck();
    return recheck == null
        ? Result.DONE
        : Result.after(Duration.between(timers.clock().instant(), recheck));
  }

  /** It cannot be told how many pods somebody wants. */
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown(String message) {
      super(message, null, false, false);
    }
  }

  /** How many pods the owners of these want together; each owner counts once. */
  private int wanted(PodDisruptionBudget budget, List<Pod> selected) {
    Map<String, Integer> byOwner = new HashMap<>();
    for (Pod pod : selected) {
      Optional<OwnerReference> owner = pod.metadata().controllerRef();
      if (owner.isEmpty()) {
        events.warning(
            Resources.POD_DISRUPTION_BUDGETS,
            budget,
            "UnmanagedPods",
            "Pods selected by this PodDisruptionBudget were found to be unmanaged. As a result, the"
                + " status of the PDB cannot be calculated correctly, which may result in undefined"
                + " behavior. To account for these pods please set \".spec.minAvailable\" field of"
                + " the PDB to an integer value.");
      } else if (!byOwner.containsKey(owner.get().uid())) {
        Size size = size(pod, owner.get());
        byOwner.put(owner.get().uid(), 0);
        byOwner.put(size.uid(), size.replicas());
      }
    }
    return byOwner.values().stream().mapToInt(Integer::intValue).sum();
  }

  private record Size(String uid, int replicas) {}

  /** What the owner wants; a replica set of a deployment wants what the deployment wants. */
  private Size size(Pod pod, OwnerReference owner) {
    String namespace = pod.metadata().namespace();
    ObjectKey key = new ObjectKey(namespace, owner.name());
    Optional<ReplicaSet> set =
        owner.kind().equals("ReplicaSet")
            ? sets.get(key).filter(s -> s.uid().equals(owner.uid()))
            : Optional.empty();
    if (set.isPresent()) {
      Optional<OwnerReference> above = set.get().metadata().controllerRef();
      Optional<Deployment> deployment =
          above
              .filter(ref -> ref.kind().equals("Deployment"))
              .flatMap(ref -> deployments.get(new ObjectKey(namespace, ref.name())));
      return deployment
          .map(d -> new Size(d.uid(), d.spec().wanted()))
          .orElseGet(() -> new Size(set.get().uid(), set.get().spec().wanted()));
    }
    try {
      int wanted = scales.get(namespace, owner.apiVersion(), owner.kind(), owner.name()).wanted();
      return new Size(owner.uid(), wanted);
    } catch (ApiException e) {
      if (e.notFound()) {
        throw new Unknown("found no controllers for pod \"" + pod.metadata().name() + "\"");
      }
      throw e;
    }
  }

  private void write(PodDisruptionBudget budget, PodDisruptionBudget.Status status) {
    PodDisruptionBudget.Status old = budget.status();
    if (status.equals(old)) {
      return;
    }
    ObjectNode patch = Patches.status(budget, old, status);
    if (patch.path("status").path("disruptedPods") instanceof ObjectNode left) {
      // A merge patch keeps the keys that it does not name.
      old.disruptedPods().keySet().stream()
          .filter(name -> !status.disruptedPods().containsKey(name))
          .forEach(left::putNull);
    }
    var _ =
        api.patch(Resources.POD_DISRUPTION_BUDGETS, budget.key(), "status", PatchType.MERGE, patch);
  }
}
