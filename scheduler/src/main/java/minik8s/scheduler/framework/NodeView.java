package minik8s.scheduler.framework;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Node;
import org.jspecify.annotations.Nullable;

/**
 * A node with the pods on it and what they leave. Immutable: a change of the node or of its pods
 * makes a new view, whose cost does not depend on the size of the cluster.
 */
public final class NodeView {
  /** Lower than every priority. */
  private static final int NOBODY = Integer.MAX_VALUE;

  private final String name;
  private final int slot;
  private final Facts facts;
  private final PodView[] pods;
  private final Amounts requested;
  private final long weighedCpu;
  private final long weighedMemory;
  private final int lowestPriority;

  /** What follows from the Node object alone, shared by all views of one revision. */
  private record Facts(
      @Nullable Node node,
      boolean cordoned,
      Amounts allocatable,
      List<Node.Taint> repelling,
      List<Node.Taint> discouraging,
      Map<String, Long> images) {
    static final Facts ABSENT =
        new Facts(null, false, Amounts.NONE, List.of(), List.of(), Map.of());

    static Facts of(Node node) {
      Map<String, Long> images = new HashMap<>();
      for (Node.Image image : node.status().images()) {
        image.names().forEach(name -> images.put(Images.normalized(name), image.sizeBytes()));
      }
      return new Facts(
          node,
          node.spec().unschedulable(),
          Amounts.of(node.status().allocatable()),
          node.spec().taints().stream()
              .filter(t -> t.effect().equals("NoSchedule") || t.effect().equals("NoExecute"))
              .toList(),
          node.spec().taints().stream().filter(t -> t.effect().equals("PreferNoSchedule")).toList(),
          Map.copyOf(images));
    }
  }

  private NodeView(
      String name,
      int slot,
      Facts facts,
      PodView[] pods,
      Amounts requested,
      long weighedCpu,
      long weighedMemory) {
    this.name = name;
    this.slot = slot;
    this.facts = facts;
    this.pods = pods;
    this.requested = requested;
    this.weighedCpu = weighedCpu;
    this.weighedMemory = weighedMemory;
    int lowest = NOBODY;
    for (PodView pod : pods) {
      lowest = Math.min(lowest, pod.priority());
    }
    this.lowestPriority = lowest;
  }

  /** A name that pods refer to while no such node is known. */
  static NodeView absent(String name, int slot) {
    return new NodeView(name, slot, Facts.ABSENT, new PodView[0], Amounts.NONE, 0, 0);
  }

  /** A node without pods and outside any cluster. */
  public static NodeView of(Node node) {
    return absent(node.metadata().name(), -1).withNode(node);
  }

  /** The same pods under another revision of the node; null when the node is gone. */
  public NodeView withNode(@Nullable Node node) {
    Facts next = node == null ? Facts.ABSENT : Facts.of(node);
    return new NodeView(name, slot, next, pods, requested, weighedCpu, weighedMemory);
  }

  /** The same node with one pod more. */
  public NodeView with(PodView pod) {
    PodView[] more = Arrays.copyOf(pods, pods.length + 1);
    more[pods.length] = pod;
    return new NodeView(
        name,
        slot,
        facts,
        more,
        requested.plus(pod.requests()),
        weighedCpu + pod.weighedCpu(),
        weighedMemory + pod.weighedMemory());
  }

  /** The same node without the pod of this id. */
  public NodeView without(String id) {
    for (int i = 0; i < pods.length; i++) {
      if (pods[i].id().equals(id)) {
        PodView[] rest = new PodView[pods.length - 1];
        System.arraycopy(pods, 0, rest, 0, i);
        System.arraycopy(pods, i + 1, rest, i, rest.length - i);
        return new NodeView(
            name,
            slot,
            facts,
            rest,
            requested.minus(pods[i].requests()),
            weighedCpu - pods[i].weighedCpu(),
            weighedMemory - pods[i].weighedMemory());
      }
    }
    return this;
  }

  /**
   * A small number of the node's own while it is in the cluster, by which arrays count nodes; -1
   * outside any cluster. Given anew to another node once this one and its pods are gone.
   */
  public int slot() {
    return slot;
  }

  /** Whether any pod here has a lower priority. */
  public boolean hasBelow(int priority) {
    return lowestPriority < priority;
  }

  public String name() {
    return name;
  }

  /** Whether the Node object is known; pods may be bound to a name that has none. */
  public boolean known() {
    return facts.node != null;
  }

  /** The Node object. */
  public Node node() {
    Node node = facts.node;
    if (node == null) {
      throw new IllegalStateException("no node object for " + name);
    }
    return node;
  }

  /** Whether the node is to get no further pods. */
  public boolean cordoned() {
    return facts.cordoned;
  }

  /** What the node offers to pods in all. */
  public Amounts allocatable() {
    return facts.allocatable;
  }

  /** What its pods have reserved, their number included. */
  public Amounts requested() {
    return requested;
  }

  /** Millicores as scores count them. */
  public long weighedCpu() {
    return weighedCpu;
  }

  /** Bytes of memory as scores count them. */
  public long weighedMemory() {
    return weighedMemory;
  }

  /** Taints that keep pods away: NoSchedule and NoExecute. */
  public List<Node.Taint> repellingTaints() {
    return facts.repelling;
  }

  /** Taints that make a node a second choice: PreferNoSchedule. */
  public List<Node.Taint> discouragingTaints() {
    return facts.discouraging;
  }

  /** Normalized names of the images on the node, with bytes. */
  public Map<String, Long> images() {
    return facts.images;
  }

  /** Pods on the node, assumed ones included; unmodifiable. */
  public List<PodView> pods() {
    return Collections.unmodifiableList(Arrays.asList(pods));
  }

  public int podCount() {
    return pods.length;
  }
}
