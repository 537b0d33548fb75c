package minik8s.controller.podgc;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
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
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.controller.patch.Patches;
import minik8s.controller.podgc.PodGcPlan.Removal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes pods whose node is gone, that were deleted before they had one, and the oldest of too
 * many ended ones. Thread-safe. A key without a namespace names a node, any other a pod.
 */
public final class PodGcReconciler implements Reconciler {
  /** How long a missing node may take to come back. */
  static final Duration QUARANTINE = Duration.ofSeconds(40);

  private static final Logger LOG = LoggerFactory.getLogger(PodGcReconciler.class);

  private final Api api;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByNode;
  private final Lister<Node> nodes;
  private final int threshold;
  private final Timers timers;

  /**
   * @param threshold how many ended pods are kept
   */
  public PodGcReconciler(
      Api api,
      Lister<Pod> pods,
      Index<Pod> podsByNode,
      Lister<Node> nodes,
      int threshold,
      Timers timers) {
    this.api = api;
    this.pods = pods;
    this.podsByNode = podsByNode;
    this.nodes = nodes;
    this.threshold = threshold;
    this.timers = timers;
  }

  /** Registers what wakes it: nodes that go, pods on no node, pods that end. */
  public static void wire(WorkQueue<ObjectKey> queue, Informer<Pod> pods, Informer<Node> nodes) {
    nodes.onChange((old, now) -> {
      if (now == null && old != null) {
        queue.addAfter(old.key(), QUARANTINE);
      }
    });
    pods.onChange((old, now) -> {
      if (now == null) {
        return;
      }
      ObjectKey node = ObjectKey.cluster(now.spec().nodeName());
      if (now.bound() && old == null && nodes.lister().get(node).isEmpty()) {
        queue.addAfter(node, QUARANTINE);
      }
      if (PodGcPlan.unscheduled(now) || (now.finished() && (old == null || !old.finished()))) {
        queue.add(now.key());
      }
    });
  }

  @Override
  public Result reconcile(ObjectKey key) {
    if (key.namespace().isEmpty()) {
      collectOrphans(key);
    } else {
      pods.get(key).filter(PodGcPlan::unscheduled).ifPresent(pod -> remove(new Removal(pod, "")));
      PodGcPlan.surplus(pods.all(), threshold).forEach(this::remove);
    }
    return Result.DONE;
  }

  private void collectOrphans(ObjectKey node) {
    if (nodes.get(node).isEmpty() && api.find(Resources.NODES, node).isEmpty()) {
      PodGcPlan.orphaned(pods.by(podsByNode, node.name())).forEach(this::remove);
    }
  }

  private void remove(Removal removal) {
    Pod pod = removal.pod();
    LOG.info("removing pod {} {}", pod.key(), removal.message());
    try {
      if (!removal.message().isEmpty() && !pod.finished()) {
        api.patch(Resources.PODS, pod.key(), "status", PatchType.STRATEGIC, failed(removal));
      }
      api.delete(Resources.PODS, pod.key(), DeleteOptions.now(pod.uid()));
    } catch (ApiException e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }

  private ObjectNode failed(Removal removal) {
    Condition why =
        Condition.of(
            "DisruptionTarget",
            true,
            "DeletionByPodGC",
            removal.message(),
            timers.clock().instant().truncatedTo(ChronoUnit.SECONDS));
    ObjectNode patch = Patches.of(removal.pod());
    ObjectNode status = patch.putObject("status").put("phase", "Failed");
    status.putArray("conditions").add(Json.tree(why));
    return patch;
  }
}
