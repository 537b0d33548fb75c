package minik8s.scheduler.plugins;

import java.util.Set;
import minik8s.api.PersistentVolumeClaim;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A claim of access mode ReadWriteOncePod serves one pod at a time in the whole cluster. Stateless.
 * Source: Kubernetes' VolumeRestrictions.
 */
public final class VolumeRestrictions implements Filter {
  private static final Verdict IN_USE =
      Verdict.rejected(
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
              + " mode");

  @Override
  public String name() {
    return "VolumeRestrictions";
  }

  @Override
  public @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    int users = 0;
    boolean single = false;
    for (String key : pod.claims()) {
      PersistentVolumeClaim claim = cluster.volumes().claim(key);
      if (claim != null && claim.spec().accessModes().contains("ReadWriteOncePod")) {
        single = true;
        users += cluster.usersOf(key);
      }
    }
    return single ? new Single(pod, cluster, users) : null;
  }

  private static final class Single implements Check {
    private final PodView pod;
    private final ClusterSnapshot cluster;
    private int users;

    Single(PodView pod, ClusterSnapshot cluster, int users) {
      this.pod = pod;
      this.cluster = cluster;
      this.users = users;
    }

    @Override
    public Verdict check(NodeView node) {
      return users > 0 ? IN_USE : Verdict.FITS;
    }

    @Override
    public void reckon(PodView other, NodeView node, int by) {
      for (String key : other.claims()) {
        PersistentVolumeClaim claim = cluster.volumes().claim(key);
        if (pod.claims().contains(key)
            && claim != null
            && claim.spec().accessModes().contains("ReadWriteOncePod")) {
          users += by;
        }
      }
    }
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(ClusterChange.POD_FREED, ClusterChange.STORAGE);
  }

  @Override
  public boolean local() {
    return false;
  }

  @Override
  public boolean concerns(PodView pod, PodView other, ClusterSnapshot cluster) {
    for (String claim : pod.claims()) {
      if (other.claims().contains(claim)) {
        return true;
      }
    }
    return false;
  }
}
