package minik8s.scheduler.framework;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import minik8s.api.LabelSelector;
import minik8s.api.Namespace;
import minik8s.api.Node;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.PodDisruptionBudget;
import minik8s.api.StorageClass;
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
  private final Deque<Integer> freeSlots = new ArrayDeque<>();
  private final Map<String, Domains> domains = new HashMap<>();
  private final Map<String, PodView> placed = new HashMap<>();
  private final Map<String, String> nodeOf = new HashMap<>();
  private final Map<String, Integer> imageHolders = new HashMap<>();
  private final Map<String, Integer> claimUsers = new HashMap<>();
  private final Map<String, Tally> owners = new HashMap<>();
  private final Crowds crowds = new Crowds();
  private final Terms terms = new Terms();
  private final Volumes volumes = new Volumes();
  private final Nominations nominations = new Nominations();
  private final Map<String, Map<String, String>> namespaces = new HashMap<>();
  private final Map<String, Map<String, PodDisruptionBudget>> budgets = new HashMap<>();
  private int slots;
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
  public int slots() {
    return slots;
  }

  @Override
  public int holdersOf(String image) {
    return imageHolders.getOrDefault(image, 0);
  }

  @Override
  public Tally ownedBy(String owner) {
    return owners.getOrDefault(owner, Tally.EMPTY);
  }

  /** Asked for the first time it looks at every node; from then on it is kept up to date. */
  @Override
  public Domains domains(String topologyKey) {
    Domains known = domains.get(topologyKey);
    if (known != null) {
      return known;
    }
    Domains fresh = new Domains(topologyKey);
    for (NodeView node : this.known) {
      fresh.set(node.slot(), node.node().metadata().labels().get(topologyKey));
    }
    domains.put(topologyKey, fresh);
    return fresh;
  }

  @Override
  public void crowds(LabelSelector selector, Consumer<Crowd> visitor) {
    crowds.matching(selector, visitor);
  }

  @Override
  public void terms(TermSort sort, BiConsumer<PodTerm, Tally> visitor) {
    terms.forEach(sort, visitor);
  }

  @Override
  public Map<String, String> namespaceLabels(String namespace) {
    return namespaces.getOrDefault(namespace, Map.of());
  }

  @Override
  public Volumes volumes() {
    return volumes;
  }

  @Override
  public int usersOf(String claim) {
    return claimUsers.getOrDefault(claim, 0);
  }

  @Override
  public List<PodView> nominated(String node) {
    return nominations.on(node);
  }

  @Override
  public int nominations() {
    return nominations.size();
  }

  @Override
  public List<PodDisruptionBudget> budgets(String namespace) {
    return List.copyOf(budgets.getOrDefault(namespace, Map.of()).values());
  }

  @Override
  public long version() {
    return version;
  }

  /** Adds a node or takes its new revision. */
  public void put(Node node) {
    String name = node.metadata().name();
    NodeView old = view(name);
    NodeView now = old.withNode(node);
    if (!now.images().keySet().equals(old.images().keySet())) {
      count(imageHolders, old.images().keySet(), -1);
      count(imageHolders, now.images().keySet(), 1);
    }
    domains.forEach((key, values) -> values.set(now.slot(), node.metadata().labels().get(key)));
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
    count(imageHolders, old.images().keySet(), -1);
    domains.values().forEach(values -> values.set(old.slot(), null));
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
    placed.put(pod.id(), pod);
    NodeView now = view(node).with(pod);
    keep(now);
    count(pod, now.slot(), 1);
  }

  /** Takes a pod off its node; returns the node's name, or null when the pod had none. */
  public @Nullable String removePod(String id) {
    String node = nodeOf.remove(id);
    PodView pod = placed.remove(id);
    NodeView old = node == null ? null : views.get(node);
    if (node == null || pod == null || old == null) {
      return null;
    }
    count(pod, old.slot(), -1);
    keep(old.without(id));
    return node;
  }

  /** The node that a pod is on, or null. */
  public @Nullable String nodeOf(String podId) {
    return nodeOf.get(podId);
  }

  /** The pod on a node by its identity, or null. */
  public @Nullable PodView placed(String podId) {
    return placed.get(podId);
  }

  /** How many pods are on nodes, assumed ones included. */
  public int podCount() {
    return nodeOf.size();
  }

  /** Keeps room on a node for a pod that others were made to leave for. */
  public void nominate(PodView pod, String node) {
    if (nominations.put(pod, node)) {
      version++;
    }
  }

  /** Keeps no room for a pod any more; returns the node on which it was, or null. */
  public @Nullable String unnominate(String podId) {
    String node = nominations.remove(podId);
    if (node != null) {
      version++;
    }
    return node;
  }

  @Override
  public @Nullable String nominationOf(String podId) {
    return nominations.nodeOf(podId);
  }

  /** Takes note of a claim; null when it is gone. */
  public void putClaim(String key, @Nullable PersistentVolumeClaim claim) {
    volumes.put(key, claim);
    version++;
  }

  /** Takes note of a volume; null when it is gone. */
  public void putVolume(String name, @Nullable PersistentVolume volume) {
    volumes.put(name, volume);
    version++;
  }

  /** Takes note of a storage class; null when it is gone. */
  public void putClass(String name, @Nullable StorageClass sort) {
    volumes.put(name, sort);
    version++;
  }

  /** Keeps the volumes concerned for their claims before the API server knows. */
  public void promise(List<VolumeDuty> duties) {
    volumes.promise(duties);
    version++;
  }

  /** Takes back what was promised. */
  public void takeBack(List<VolumeDuty> duties) {
    volumes.takeBack(duties);
    version++;
  }

  /** Takes note of a namespace; null when it is gone. */
  public void putNamespace(String name, @Nullable Namespace namespace) {
    if (namespace == null) {
      namespaces.remove(name);
    } else {
      namespaces.put(name, namespace.metadata().labels());
    }
    version++;
  }

  /** Takes note of a disruption budget; {@code now} false when it is gone. */
  public void putBudget(PodDisruptionBudget budget, boolean now) {
    Map<String, PodDisruptionBudget> same =
        budgets.computeIfAbsent(budget.metadata().namespace(), _ -> new LinkedHashMap<>());
    if (now) {
      same.put(budget.metadata().name(), budget);
    } else {
      same.remove(budget.metadata().name());
    }
    version++;
  }

  private NodeView view(String name) {
    NodeView view = views.get(name);
    return view == null
        ? NodeView.absent(name, freeSlots.isEmpty() ? slots++ : freeSlots.pop())
        : view;
  }

  private void keep(NodeView view) {
    version++;
    Integer place = places.get(view.name());
    if (place != null) {
      known.set(place, view);
    }
    if (place == null && view.podCount() == 0) {
      views.remove(view.name());
      freeSlots.push(view.slot());
    } else {
      views.put(view.name(), view);
    }
  }

  private void count(PodView pod, int slot, int by) {
    if (by > 0) {
      crowds.add(pod, slot);
    } else {
      crowds.remove(pod, slot);
    }
    terms.add(pod, slot, by);
    count(claimUsers, pod.claims(), by);
    if (!pod.owner().isEmpty() && !pod.pod().metadata().deleting()) {
      Tally siblings = owners.computeIfAbsent(pod.owner(), _ -> new Tally());
      siblings.add(slot, by);
      if (siblings.isEmpty()) {
        owners.remove(pod.owner());
      }
    }
  }

  private static void count(Map<String, Integer> counts, Iterable<String> names, int by) {
    for (String name : names) {
      counts.merge(name, by, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }
  }
}
