package minik8s.scheduler.plugins;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.LabelSelector;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.PodSpec;
import minik8s.api.Quantity;
import minik8s.api.StorageClass;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.VolumeDuty;
import minik8s.scheduler.framework.Volumes;
import org.jspecify.annotations.Nullable;

/**
 * The volumes that one waiting claim could have, smallest first, and who could make it one.
 * Immutable; made once per decision, so that asking about a node looks only at volumes for it.
 *
 * @param byHost volumes that only nodes with this hostname reach
 * @param elsewhere volumes with any other rule about nodes, or none
 * @param maker the class whose provisioner could make one; null when nobody can
 * @param selected the node for which a volume was asked already; empty for none
 */
record VolumeChoice(
    PersistentVolumeClaim claim,
    Map<String, List<PersistentVolume>> byHost,
    List<PersistentVolume> elsewhere,
    @Nullable StorageClass maker,
    String selected) {
  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final Set<String> NOBODY = Set.of("", "kubernetes.io/no-provisioner");

  static VolumeChoice of(PersistentVolumeClaim claim, Volumes volumes) {
    String name = claim.spec().storageClassName();
    StorageClass sort = name == null ? null : volumes.storageClass(name);
    List<PersistentVolume> suitable = new ArrayList<>();
    for (PersistentVolume volume : volumes.ofClass(name == null ? "" : name)) {
      if (suits(volume, claim) && volumes.free(volume, claim)) {
        suitable.add(volume);
      }
    }
    // One that was promised to the claim before goes first, whatever its size.
    suitable.sort(
        Comparator.comparing((PersistentVolume v) -> v.spec().claimRef() == null)
            .thenComparingLong(v -> size(v).value())
            .thenComparing(v -> v.metadata().name()));
    Map<String, List<PersistentVolume>> byHost = new HashMap<>();
    List<PersistentVolume> elsewhere = new ArrayList<>();
    for (PersistentVolume volume : suitable) {
      List<String> hosts = hosts(volume);
      hosts.forEach(host -> byHost.computeIfAbsent(host, _ -> new ArrayList<>()).add(volume));
      if (hosts.isEmpty()) {
        elsewhere.add(volume);
      }
    }
    return new VolumeChoice(
        claim,
        byHost,
        elsewhere,
        sort == null || NOBODY.contains(sort.provisioner()) ? null : sort,
        claim.metadata().annotations().getOrDefault(Volumes.SELECTED_NODE, ""));
  }

  private static Quantity size(PersistentVolume volume) {
    return volume.spec().capacity().getOrDefault("storage", Quantity.ZERO);
  }

  private static boolean suits(PersistentVolume volume, PersistentVolumeClaim claim) {
    LabelSelector selector = claim.spec().selector();
    return !volume.metadata().deleting()
        && volume.spec().volumeMode().equals(claim.spec().volumeMode())
        && volume.spec().accessModes().containsAll(claim.spec().accessModes())
        && (selector == null || selector.matches(volume.metadata().labels()))
        && size(volume).compareAmount(claim.spec().storage()) >= 0;
  }

  /** The hostnames that the volume's whole rule about nodes consists of; none for other rules. */
  private static List<String> hosts(PersistentVolume volume) {
    PersistentVolume.VolumeNodeAffinity affinity = volume.spec().nodeAffinity();
    PodSpec.NodeSelector required = affinity == null ? null : affinity.required();
    if (required == null || required.nodeSelectorTerms().size() != 1) {
      return List.of();
    }
    PodSpec.NodeSelectorTerm term = required.nodeSelectorTerms().getFirst();
    if (term.matchExpressions().size() != 1 || !term.matchFields().isEmpty()) {
      return List.of();
    }
    LabelSelector.Requirement only = term.matchExpressions().getFirst();
    return only.key().equals(HOSTNAME) && only.operator().equals("In") ? only.values() : List.of();
  }

  /** Whether a volume can be reached from a node. */
  static boolean reachable(PersistentVolume volume, NodeView node) {
    PersistentVolume.VolumeNodeAffinity affinity = volume.spec().nodeAffinity();
    PodSpec.NodeSelector required = affinity == null ? null : affinity.required();
    if (required == null) {
      return true;
    }
    for (PodSpec.NodeSelectorTerm term : required.nodeSelectorTerms()) {
      if (term.matches(node.node())) {
        return true;
      }
    }
    return false;
  }

  /** How the claim gets a volume on a node, beside what is chosen already; null if not at all. */
  @Nullable VolumeDuty on(NodeView node, List<VolumeDuty> chosen) {
    if (!selected.isEmpty()) {
      return selected.equals(node.name()) && maker != null
          ? new VolumeDuty.Provision(claim, node.name())
          : null;
    }
    String host = node.node().metadata().labels().get(HOSTNAME);
    List<PersistentVolume> here = host == null ? List.of() : byHost.getOrDefault(host, List.of());
    PersistentVolume volume = first(here, node, chosen);
    volume = volume == null ? first(elsewhere, node, chosen) : volume;
    if (volume != null) {
      return new VolumeDuty.Promise(claim, volume);
    }
    return maker != null && allowed(maker, node)
        ? new VolumeDuty.Provision(claim, node.name())
        : null;
  }

  private static @Nullable PersistentVolume first(
      List<PersistentVolume> volumes, NodeView node, List<VolumeDuty> chosen) {
    for (PersistentVolume volume : volumes) {
      if (reachable(volume, node) && !taken(volume, chosen)) {
        return volume;
      }
    }
    return null;
  }

  private static boolean taken(PersistentVolume volume, List<VolumeDuty> chosen) {
    for (VolumeDuty duty : chosen) {
      if (duty instanceof VolumeDuty.Promise promise
          && promise.volume().metadata().name().equals(volume.metadata().name())) {
        return true;
      }
    }
    return false;
  }

  private static boolean allowed(StorageClass maker, NodeView node) {
    if (maker.allowedTopologies().isEmpty()) {
      return true;
    }
    for (StorageClass.TopologyTerm term : maker.allowedTopologies()) {
      boolean all = true;
      for (StorageClass.TopologyRequirement requirement : term.matchLabelExpressions()) {
        String value = node.node().metadata().labels().get(requirement.key());
        all &= value != null && requirement.values().contains(value);
      }
      if (all) {
        return true;
      }
    }
    return false;
  }
}
