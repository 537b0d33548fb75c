package minik8s.controller.tainteviction;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.api.ApiException;
import minik8s.api.Condition;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.controller.patch.Patches;
import tools.jackson.databind.node.ObjectNode;

/** Deletes pods when their time on a tainted node is up. Thread-safe. */
public final class EvictionReconciler implements Reconciler {
  private final Api api;
  private final Lister<Pod> pods;
  private final Lister<Node> nodes;
  private final EventRecorder events;
  private final Timers timers;
  private final Map<String, Instant> since = new ConcurrentHashMap<>();

  public EvictionReconciler(
      Api api, Lister<Pod> pods, Lister<Node> nodes, EventRecorder events, Timers timers) {
    this.api = api;
    this.pods = pods;
    this.nodes = nodes;
    this.events = events;
    this.timers = timers;
  }

  /** Registers what wakes it: a change of a node's taints, a pod that appears on a tainted node. */
  public static void wire(
      WorkQueue<ObjectKey> queue, Informer<Pod> pods, Index<Pod> podsByNode, Informer<Node> nodes) {
    nodes.onChange((old, now) -> {
      if (now != null && (old == null || !old.spec().taints().equals(now.spec().taints()))) {
        pods.lister().by(podsByNode, now.metadata().name()).forEach(pod -> queue.add(pod.key()));
      }
    });
    pods.onChange((old, now) -> {
      if (now != null && now.bound() && (old == null || !old.spec().equals(now.spec()))) {
        if (tainted(nodes.lister(), now)) {
          queue.add(now.key());
        }
      }
    });
  }

  private static boolean tainted(Lister<Node> nodes, Pod pod) {
    return nodes
        .get(ObjectKey.cluster(pod.spec().nodeName()))
        .filter(node -> !EvictionPlan.evicting(node).isEmpty())
        .isPresent();
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<Pod> found = pods.get(key).filter(pod -> pod.bound() && pod.active());
    Optional<Node> node = found.flatMap(pod -> nodes.get(ObjectKey.cluster(pod.spec().nodeName())));
    if (found.isEmpty() || node.isEmpty() || EvictionPlan.evicting(node.get()).isEmpty()) {
      found.ifPresent(pod -> since.remove(pod.uid()));
      return Result.DONE;
    }
    Pod pod = found.get();
    Instant now = timers.clock().instant();
    Instant first = since.computeIfAbsent(pod.uid(), _ -> now);
    return switch (EvictionPlan.of(pod, node.get(), first)) {
      case EvictionPlan.Verdict.Stay _ -> Result.DONE;
      case EvictionPlan.Verdict.Leave(Instant at) -> {
        if (at.isAfter(now)) {
          yield Result.after(Duration.between(now, at));
        }
        evict(pod, now);
        yield Result.DONE;
      }
    };
  }

  private void evict(Pod pod, Instant now) {
    since.remove(pod.uid());
    events.offer(
        minik8s.api.ObjectReference.to(Resources.PODS, pod, ""),
        "Normal",
        "TaintManagerEviction",
        "Marking for deletion Pod " + pod.key());
    Condition why =
        Condition.of(
            "DisruptionTarget",
            true,
            "DeletionByTaintManager",
            "Taint manager: deleting due to NoExecute taint",
            now.truncatedTo(ChronoUnit.SECONDS));
    ObjectNode patch = Patches.of(pod);
    patch.putObject("status").putArray("conditions").add(Json.tree(why));
    try {
      api.patch(Resources.PODS, pod.key(), "status", PatchType.STRATEGIC, patch);
      api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
