package minik8s.scheduler.framework;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Node;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and the pods on them, kept up to date change by change. Confined to the scheduling
 * loop. Every change costs the same however large the cluster is.
 *
 * <p>Pods bound to a name without a Node object are remembered and count once the node appears.
 */
public final class ClusterState implements ClusterSnapshot {
  private final Map<String, NodeView> views = new HashMap<>();
  private final List<NodeView> known = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, String> nodeOf = new HashMap<>();
  private final Map<String, Integer> imageHolders = new HashMap<>();
  private final Map<String, Map<String, Integer>> owners = new HashMap<>();
  private long version;

  @Override
  public int size() {
    return known.size();
  }

  @Override
  public NodeView node(int place) {
    return known.get(place);
  }

  @Override
  public @Nullable NodeView node(String name) {
    NodeView view = views.get(name);
    return view == null || !view.known() ? null : view;
  }

  @Override
  public int holdersOf(String image) {
    return imageHolders.getOrDefault(image, 0);
  }

  @Override
  public Map<String, Integer> podsPerNode(String owner) {
    return owners.getOrDefault(owner, Map.of());
  }

  @Override
  public long version() {
    return version;
  }

  /** Adds a node or takes its new revision. */
  public void put(Node node) {
    String name = node.metadata().name();
    NodeView old = views.getOrDefault(name, NodeView.absent(name));
    NodeView now = old.withNode(node);
    if (!now.images().keySet().equals(old.images().keySet())) {
      count(old.images().keySet(), -1);
      count(now.images().keySet(), 1);
    }
    views.put(name, now);
    Integer place = places.get(name);
    if (place == null) {
      places.put(name, known.size());
      known.add(now);
    } else {
      known.set(place, now);
    }
    version++;
  }

  /** Forgets a node; its pods stay remembered until they are gone themselves. */
  public void removeNode(String name) {
    Integer place = places.remove(name);
    NodeView old = views.get(name);
    if (place == null || old == null) {
      return;
    }
    count(old.images().keySet(), -1);
    NodeView last = known.removeLast();
    if (place < known.size()) {
      known.set(place, last);
      places.put(last.name(), place);
    }
    keep(old.withNode(null));
  }

  /** Puts a pod on a node, taking it from where it was. */
  public void place(PodView pod, String node) {
    removePod(pod.id());
    nodeOf.put(pod.id(), node);
    keep(views.getOrDefault(node, NodeView.absent(node)).with(pod));
    if (!pod.owner().isEmpty()) {
      owners.computeIfAbsent(pod.owner(), _ -> new HashMap<>()).merge(node, 1, Integer::sum);
    }
  }

  /** Takes a pod off its node; returns the node's name, or null when the pod had none. */
  public @Nullable String removePod(String id) {
    String node = nodeOf.remove(id);
    NodeView old = node == null ? null : views.get(node);
    if (node == null || old == null) {
      return null;
    }
    for (PodView pod : old.pods()) {
      if (pod.id().equals(id) && !pod.owner().isEmpty()) {
        disown(pod.owner(), node);
      }
    }
    keep(old.without(id));
    return node;
  }

  /** The node that a pod is on, or null. */
  public @Nullable String nodeOf(String podId) {
    return nodeOf.get(podId);
  }

  /** How many pods are on nodes, assumed ones included. */
  public int podCount() {
    return nodeOf.size();
  }

  private void keep(NodeView view) {
    version++;
    Integer place = places.get(view.name());
    if (place != null) {
      known.set(place, view);
    }
    if (place == null && view.podCount() == 0) {
      views.remove(view.name());
    } else {
      views.put(view.name(), view);
    }
  }

  private void disown(String owner, String node) {
    owners.computeIfPresent(
        owner,
        (_, perNode) -> {
          perNode.computeIfPresent(node, (_, n) -> n == 1 ? null : Integer.valueOf(n - 1));
          return perNode.isEmpty() ? null : perNode;
        });
  }

  private void count(Set<String> images, int by) {
    images.forEach(image ->
        imageHolders.compute(
            image,
            (_, n) -> {
              int sum = (n == null ? 0 : n) + by;
              return sum == 0 ? null : Integer.valueOf(sum);
            }));
  }
}
