package minik8s.controller.nodelifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.Condition;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.controller.nodelifecycle.NodePlan.Action;
import minik8s.controller.patch.Patches;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Watches over the nodes' health. Thread-safe; wakes for a node only when something is due. */
public final class NodeReconciler implements Reconciler {
  private static final Duration WHILE_DISRUPTED = Duration.ofSeconds(5);

  private final Api api;
  private final Lister<Node> nodes;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByNode;
  private final EventRecorder events;
  private final Timers timers;
  private final Duration grace;
  private final Heartbeats heartbeats;
  private final EvictionPace pace;

  /**
   * @param grace silence after which a node is unknown
   * @param evictionRate nodes per second that may begin to lose their pods
   */
  public NodeReconciler(
      Api api,
      Lister<Node> nodes,
      Lister<Pod> pods,
      Index<Pod> podsByNode,
      EventRecorder events,
      Timers timers,
      Duration grace,
      double evictionRate) {
    this.api = api;
    this.nodes = nodes;
    this.pods = pods;
    this.podsByNode = podsByNode;
    this.events = events;
    this.timers = timers;
    this.grace = grace;
    this.heartbeats = new Heartbeats(timers.clock());
    this.pace = new EvictionPace(evictionRate);
  }

  Heartbeats heartbeats() {
    return heartbeats;
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<Node> found = nodes.get(key);
    if (found.isEmpty()) {
      heartbeats.forget(key.name());
      return Result.DONE;
    }
    Instant now = timers.clock().instant();
    Duration left = Duration.between(now, heartbeats.last(key.name()).plus(grace));
    boolean silent = !left.isPositive();
    Node node = found.get();
    Duration wait = Duration.ZERO;
    // The first plan may only say that the node is unknown; the second draws the consequences.
    for (int step = 0; step < 2; step++) {
      wait = turn(node, now);
      List<Action> actions =
          NodePlan.next(
              node,
              pods.by(podsByNode, key.name()),
              silent,
              wait.isZero(),
              now.truncatedTo(ChronoUnit.SECONDS));
      for (Action action : actions) {
        node = perform(node, action);
      }
      if (actions.stream().noneMatch(Action.MarkUnknown.class::isInstance)) {
        break;
      }
    }
    if (wait.isPositive()) {
      return Result.after(wait);
    }
    return silent ? Result.DONE : Result.after(left);
  }

  /** How long the node's pods are spared yet; zero also when nobody wants to evict them. */
  private Duration turn(Node node, Instant now) {
    if (!Taints.evictionDue(node)) {
      return Duration.ZERO;
    }
    return disrupted(now) ? WHILE_DISRUPTED : pace.turn(now);
  }

  /** Whether no node at all is well: then the fault is more likely here than there. */
  private boolean disrupted(Instant now) {
    return nodes.all().stream()
        .noneMatch(node ->
            node.ready() && heartbeats.last(node.metadata().name()).plus(grace).isAfter(now));
  }

  private Node perform(Node node, Action action) {
    return switch (action) {
      case Action.MarkUnknown(List<Condition> conditions) -> {
        ObjectNode patch = Patches.guarded(node);
        ArrayNode list = patch.putObject("status").putArray("conditions");
        conditions.forEach(condition -> list.add(Json.tree(condition)));
        Node marked = api.patch(Resources.NODES, node.key(), "status", PatchType.MERGE, patch);
        events.normal(
            Resources.NODES,
            node,
            "NodeNotReady",
            "Node " + node.metadata().name() + " status is now: NodeNotReady");
        yield marked;
      }
      case Action.SetTaints(List<Node.Taint> taints) -> {
        ObjectNode patch = Patches.guarded(node);
        ArrayNode list = patch.putObject("spec").putArray("taints");
        taints.forEach(taint -> list.add(Json.tree(taint)));
        yield api.patch(Resources.NODES, node.key(), "", PatchType.MERGE, patch);
      }
      case Action.MarkNotReady(Pod pod) -> {
        markNotReady(pod);
        yield node;
      }
    };
  }

  private void markNotReady(Pod pod) {
    PodStatus status = pod.status();
    Instant now = timers.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    Condition ready = Condition.of("Ready", false, "NodeNotReady", "Node is not ready", now);
    ObjectNode patch = Patches.guarded(pod);
    ArrayNode list = patch.putObject("status").putArray("conditions");
    Condition.set(status.conditions(), ready).forEach(condition -> list.add(Json.tree(condition)));
    try {
      api.patch(Resources.PODS, pod.key(), "status", PatchType.MERGE, patch);
      events.warning(Resources.PODS, pod, "NodeNotReady", "Node is not ready");
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
