package minik8s.scheduler;

import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.KubeObject;
import minik8s.api.Namespace;
import minik8s.api.Node;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.PodDisruptionBudget;
import minik8s.api.StorageClass;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.VolumeDuty;
import minik8s.scheduler.queue.QueuedPod;
import minik8s.scheduler.queue.SchedulingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Enters into the loop's books what the informers report: pods on nodes into the cluster's state,
 * our pods without a node into the queue, pods being bound into neither. Confined to the scheduling
 * loop. What it is told twice changes nothing, and the order of pods and nodes does not matter.
 */
final class Intake {
  private static final Set<ClusterChange> FREED = EnumSet.of(ClusterChange.POD_FREED);
  private static final Set<ClusterChange> PLACED = EnumSet.of(ClusterChange.POD_PLACED);
  private static final Set<ClusterChange> MOVED =
      EnumSet.of(ClusterChange.POD_FREED, ClusterChange.POD_PLACED);

  private final ClusterState cluster;
  private final SchedulingQueue queue;
  private final Plans plans;
  private final Wakings wakings;
  private final Map<String, Flight> flights = new HashMap<>();
  private final Set<String> condemned;

  /**
   * @param condemned identities of pods that leave for others; kept here, read by the plans
   */
  Intake(ClusterState cluster, SchedulingQueue queue, Plans plans, Set<String> condemned) {
    this.condemned = condemned;
    this.cluster = cluster;
    this.queue = queue;
    this.plans = plans;
    this.wakings = new Wakings(cluster, queue, plans);
  }

  void pod(@Nullable Pod old, @Nullable Pod now, Instant at) {
    if (old != null && (now == null || !PodView.idOf(old).equals(PodView.idOf(now)))) {
      forget(PodView.idOf(old), at);
    }
    if (now == null) {
      return;
    }
    if (now.finished()) {
      forget(PodView.idOf(now), at);
    } else if (now.bound()) {
      bound(PodView.of(now), at);
    } else {
      pending(old, now, at);
    }
  }

  private void bound(PodView pod, Instant at) {
    String node = pod.pod().spec().nodeName();
    queue.remove(pod.id());
    boolean arrives = flights.remove(pod.id()) != null;
    String kept = cluster.unnominate(pod.id());
    PodView before = cluster.placed(pod.id());
    String from = cluster.nodeOf(pod.id());
    cluster.place(pod, node);
    if (from != null && before != null && !from.equals(node)) {
      wakings.moved(FREED, from, before, at);
    }
    if (kept != null && !kept.equals(node)) {
      wakings.moved(FREED, kept, pod, at);
    }
    if (before == null || arrives) {
      wakings.moved(PLACED, node, pod, at);
    } else if (!sameCrowd(before.pod(), pod.pod())) {
      wakings.moved(MOVED, node, before, at);
      wakings.moved(MOVED, node, pod, at);
    }
  }

  /** Whether rules about other pods' whereabouts see no difference. */
  private static boolean sameCrowd(Pod old, Pod now) {
    return old.metadata().labels().equals(now.metadata().labels())
        && old.metadata().deleting() == now.metadata().deleting();
  }

  private void pending(@Nullable Pod old, Pod pod, Instant at) {
    String id = PodView.idOf(pod);
    Flight flight = flights.get(id);
    if (flight != null) {
      // The informer is behind: it does not show the binding yet.
      PodView newer = PodView.of(pod);
      flights.put(id, new Flight(flight.pod().with(newer), flight.node(), flight.duties()));
    } else if (pod.metadata().deleting() || !plans.has(pod.spec().schedulerName())) {
      queue.remove(id);
      release(id, at);
    } else {
      PodView view = PodView.of(pod);
      nomination(old, view, at);
      queue.put(view, at);
    }
  }

  /** What the pod itself says of its room counts when it is said anew. */
  private void nomination(@Nullable Pod old, PodView pod, Instant at) {
    String now = pod.pod().status().nominatedNodeName();
    String before = old == null ? "" : old.status().nominatedNodeName();
    if (!now.isEmpty() && !now.equals(before)) {
      cluster.nominate(pod, now);
    } else if (now.isEmpty() && !before.isEmpty()) {
      release(pod.id(), at);
    } else {
      String kept = cluster.nominationOf(pod.id());
      if (kept != null) {
        cluster.nominate(pod, kept);
      }
    }
  }

  private void forget(String id, Instant at) {
    queue.remove(id);
    Flight flight = flights.remove(id);
    if (flight != null) {
      cluster.takeBack(flight.duties());
    }
    condemned.remove(id);
    release(id, at);
    free(id, at);
  }

  /** Keeps no room for the pod any more. */
  void release(String id, Instant at) {
    PodView pod = null;
    String kept = cluster.nominationOf(id);
    if (kept == null) {
      return;
    }
    for (PodView other : cluster.nominated(kept)) {
      pod = other.id().equals(id) ? other : pod;
    }
    cluster.unnominate(id);
    if (pod != null) {
      wakings.moved(FREED, kept, pod, at);
    }
  }

  /** Room that was kept for the pod goes to a more important one: it may look elsewhere. */
  void outbid(String id, Instant at) {
    release(id, at);
    wakings.one(id, at);
  }

  void node(@Nullable Node old, @Nullable Node now, Instant at) {
    if (now == null) {
      if (old != null) {
        cluster.removeNode(old.metadata().name());
        wakings.changed(EnumSet.of(ClusterChange.NODE_REMOVED), at);
      }
      return;
    }
    cluster.put(now);
    wakings.node(ClusterChange.between(old, now), now.metadata().name(), at);
  }

  /** Takes in what is neither pod nor node. */
  void other(@Nullable KubeObject old, @Nullable KubeObject now, Instant at) {
    KubeObject about = now == null ? old : now;
    switch (about) {
      case PersistentVolumeClaim claim -> {
        String key = claim.key().toString();
        cluster.putClaim(key, now == null ? null : claim);
        wakings.claim(key, at);
      }
      case PersistentVolume volume -> {
        cluster.putVolume(volume.metadata().name(), now == null ? null : volume);
        wakings.changed(EnumSet.of(ClusterChange.STORAGE), at);
      }
      case StorageClass sort -> {
        cluster.putClass(sort.metadata().name(), now == null ? null : sort);
        wakings.changed(EnumSet.of(ClusterChange.STORAGE), at);
      }
      case Namespace namespace -> {
        cluster.putNamespace(namespace.metadata().name(), now == null ? null : namespace);
        wakings.changed(EnumSet.of(ClusterChange.NAMESPACE_LABELS), at);
      }
      case PodDisruptionBudget budget -> cluster.putBudget(budget, now != null);
      case null, default ->
          throw new IllegalArgumentException("the scheduler knows nothing of such objects");
    }
  }

  /** Counts the pod as being on the node before the API server knows. */
  Flight assume(QueuedPod pod, String node, List<VolumeDuty> duties) {
    Flight flight = new Flight(pod, node, duties);
    flights.put(pod.pod().id(), flight);
    cluster.unnominate(pod.pod().id());
    cluster.place(pod.pod(), node);
    cluster.promise(duties);
    return flight;
  }

  /** The pod that is being bound, or null. */
  @Nullable Flight flight(String id) {
    return flights.get(id);
  }

  /**
   * Takes an assumption back; null when the pod was bound or deleted in the meantime. Room that was
   * made for the pod stays kept.
   */
  @Nullable QueuedPod giveUp(String id, Instant at) {
    Flight flight = flights.remove(id);
    if (flight == null) {
      return null;
    }
    cluster.takeBack(flight.duties());
    PodView pod = flight.pod().pod();
    String kept = pod.pod().status().nominatedNodeName();
    if (!kept.isEmpty()) {
      cluster.nominate(pod, kept);
    }
    free(id, at);
    return flight.pod();
  }

  /** Notes that these pods leave for another, before the informer shows it. */
  void condemn(PodView preemptor, String node, List<PodView> victims) {
    cluster.nominate(preemptor, node);
    victims.forEach(victim -> condemned.add(victim.id()));
  }

  /** Takes that back: somebody could not be deleted, so the preemptor may choose anew. */
  void pardon(String preemptor, List<String> victims, Instant at) {
    victims.forEach(condemned::remove);
    wakings.one(preemptor, at);
  }

  /** How many pods are being bound or not yet seen bound. */
  int assumed() {
    return flights.size();
  }

  private void free(String id, Instant at) {
    PodView pod = cluster.placed(id);
    String node = cluster.removePod(id);
    if (node != null && pod != null) {
      wakings.moved(FREED, node, pod, at);
    }
  }
}
