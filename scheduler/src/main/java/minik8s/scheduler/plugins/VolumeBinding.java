package minik8s.scheduler.plugins;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Verdict;
import minik8s.scheduler.framework.VolumeDuty;
import minik8s.scheduler.framework.Volumes;
import org.jspecify.annotations.Nullable;

/**
 * A pod goes where its volumes can be reached; claims that wait for their first consumer get a
 * volume that the node can reach, from those that exist or from the provisioner. Stateless. Source:
 * Kubernetes' VolumeBinding.
 */
public final class VolumeBinding implements Filter {
  private static final Verdict.Rejected CONFLICT =
      Verdict.hopeless("node(s) had volume node affinity conflict");
  private static final Verdict.Rejected NONE_LEFT =
      Verdict.hopeless("node(s) didn't find available persistent volumes to bind");
  private static final Verdict.Rejected GONE =
      Verdict.hopeless("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");

  @Override
  public String name() {
    return "VolumeBinding";
  }

  @Override
  public @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    if (pod.claims().isEmpty()) {
      return null;
    }
    Volumes volumes = cluster.volumes();
    List<PersistentVolume> held = new ArrayList<>();
    List<PersistentVolumeClaim> waiting = new ArrayList<>();
    boolean gone = false;
    for (String key : pod.claims()) {
      PersistentVolumeClaim claim = volumes.claim(key);
      String fault = fault(key, claim, pod, volumes);
      if (fault != null || claim == null) {
        return new Refusal(fault == null ? "" : fault);
      }
      if (!Volumes.bound(claim)) {
        waiting.add(claim);
        continue;
      }
      PersistentVolume volume = volumes.volume(claim.spec().volumeName());
      gone |= volume == null;
      if (volume != null) {
        held.add(volume);
      }
    }
    waiting.sort(Comparator.comparingLong(claim -> claim.spec().storage().value()));
    List<VolumeChoice> choices =
        waiting.stream().map(claim -> VolumeChoice.of(claim, volumes)).toList();
    return new Reach(held, choices, gone);
  }

  /** Why no node will do, whichever; null when there is nothing wrong with the claim itself. */
  private static @Nullable String fault(
      String key, @Nullable PersistentVolumeClaim claim, PodView pod, Volumes volumes) {
    String name = key.substring(key.indexOf('/') + 1);
    if (claim == null) {
      boolean own = name.startsWith(pod.pod().metadata().name() + "-") && ephemeral(name, pod);
      return own
          ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \""
              + name
              + "\""
          : "persistentvolumeclaim \"" + name + "\" not found";
    }
    if (claim.status().phase().equals("Lost")) {
      return "persistentvolumeclaim \""
          + name
          + "\" bound to non-existent persistentvolume \""
          + claim.spec().volumeName()
          + "\"";
    }
    if (claim.metadata().deleting()) {
      return "persistentvolumeclaim \"" + name + "\" is being deleted";
    }
    return Volumes.bound(claim) || volumes.waitsForConsumer(claim)
        ? null
        : "pod has unbound immediate PersistentVolumeClaims";
  }

  private static boolean ephemeral(String claim, PodView pod) {
    return pod.pod().spec().volumes().stream()
        .anyMatch(v ->
            v.ephemeral() != null && claim.equals(pod.pod().metadata().name() + "-" + v.name()));
  }

  /** Whether a node reaches the volumes held and has some for the claims that wait. */
  private record Reach(List<PersistentVolume> held, List<VolumeChoice> choices, boolean gone)
      implements Check {
    @Override
    public Verdict check(NodeView node) {
      if (gone) {
        return GONE;
      }
      for (PersistentVolume volume : held) {
        if (!VolumeChoice.reachable(volume, node)) {
          return CONFLICT;
        }
      }
      return choices.isEmpty() || !duties(node).isEmpty() ? Verdict.FITS : NONE_LEFT;
    }

    /** None when some claim can't be served; smaller claims choose first, as in Kubernetes. */
    @Override
    public List<VolumeDuty> duties(NodeView node) {
      if (choices.isEmpty()) {
        return List.of();
      }
      List<VolumeDuty> duties = new ArrayList<>(choices.size());
      for (VolumeChoice choice : choices) {
        VolumeDuty duty = choice.on(node, duties);
        if (duty == null) {
          return List.of();
        }
        duties.add(duty);
      }
      return duties;
    }
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(ClusterChange.NODE_ADDED, ClusterChange.NODE_LABELS, ClusterChange.STORAGE);
  }
}
