package minik8s.scheduler;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Cure;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.framework.Verdict;
import minik8s.scheduler.framework.VolumeDuty;
import org.jspecify.annotations.Nullable;

/**
 * All that one pod asks of nodes, worked out once and then put to one node after the other.
 * Confined to one decision.
 *
 * <p>Room on a node that is kept for pods at least as important counts as taken. Such a pod might
 * never come, though, so a node must do with them and without (near whom nobody comes is not near).
 */
final class Questions {
  private final PodView pod;
  private final ClusterSnapshot cluster;
  private final List<Filter> filters;
  private final Filter.@Nullable Check[] checks;
  private final List<Filter.Check> quick;
  private final boolean expecting;

  private Questions(
      PodView pod, ClusterSnapshot cluster, List<Filter> filters, Filter.@Nullable Check[] checks) {
    this.pod = pod;
    this.cluster = cluster;
    this.filters = filters;
    this.checks = checks;
    this.quick = quick(filters, checks);
    this.expecting = cluster.nominations() > 0;
  }

  /**
   * Rules about whereabouts look a node up by number in a few arrays, where the others follow its
   * fields through memory; on a large cluster it pays to ask those first.
   */
  private static List<Filter.Check> quick(List<Filter> filters, Filter.@Nullable Check[] checks) {
    List<Filter.Check> quick = new ArrayList<>(checks.length);
    for (int i = 0; i < checks.length; i++) {
      Filter.Check check = checks[i];
      if (check != null) {
        quick.add(filters.get(i).local() ? quick.size() : 0, check);
      }
    }
    return quick;
  }

  static Questions of(Profile profile, PodView pod, ClusterSnapshot cluster) {
    Filter.@Nullable Check[] checks = new Filter.@Nullable Check[profile.filters().size()];
    for (int i = 0; i < checks.length; i++) {
      checks[i] = profile.filters().get(i).prepareFilter(pod, cluster);
    }
    return new Questions(pod, cluster, profile.filters(), checks);
  }

  PodView pod() {
    return pod;
  }

  /** Why no node will do, whichever; null when nodes are to be asked. */
  @Nullable String refusal() {
    for (Filter.Check check : checks) {
      if (check instanceof Filter.Refusal refusal) {
        return refusal.reason();
      }
    }
    return null;
  }

  /** The only nodes that can do, by name; null for any. */
  @Nullable Set<String> only() {
    Set<String> names = null;
    for (Filter.Check check : checks) {
      Set<String> these = check == null ? null : check.only();
      if (these != null) {
        these = new HashSet<>(these);
        if (names != null) {
          these.retainAll(names);
        }
        names = these;
      }
    }
    return names;
  }

  /** The plugins that name the only nodes. */
  List<String> whoNames() {
    List<String> names = new ArrayList<>(1);
    for (int i = 0; i < checks.length; i++) {
      Filter.Check check = checks[i];
      if (check != null && check.only() != null) {
        names.add(filters.get(i).name());
      }
    }
    return names;
  }

  /** Whether a node will do; quicker than {@link #ask}, which also gives the first reason. */
  boolean fits(NodeView node) {
    if (expecting) {
      return ask(node) instanceof Verdict.Fits;
    }
    for (int i = 0; i < quick.size(); i++) {
      if (quick.get(i).check(node) instanceof Verdict.Rejected) {
        return false;
      }
    }
    return true;
  }

  /** What the first rule says that has something against a node, in the profile's order. */
  Verdict ask(NodeView node) {
    List<PodView> expected = expecting ? cluster.nominated(node.name()) : List.of();
    return expected.isEmpty() ? each(node) : askWith(expected, node);
  }

  private Verdict askWith(List<PodView> expected, NodeView node) {
    NodeView fuller = node;
    List<PodView> reckoned = new ArrayList<>(expected.size());
    for (PodView other : expected) {
      if (other.priority() >= pod.priority() && !other.id().equals(pod.id())) {
        fuller = fuller.with(other);
        reckon(other, node, 1);
        reckoned.add(other);
      }
    }
    if (reckoned.isEmpty()) {
      return each(node);
    }
    Verdict verdict = each(fuller);
    reckoned.forEach(other -> reckon(other, node, -1));
    return verdict instanceof Verdict.Rejected ? verdict : each(node);
  }

  private Verdict each(NodeView node) {
    for (Filter.Check check : checks) {
      if (check != null && check.check(node) instanceof Verdict.Rejected rejected) {
        return rejected;
      }
    }
    return Verdict.FITS;
  }

  /** Reckons from now on as if another pod had come to a node (1) or left it (-1). */
  void reckon(PodView other, NodeView node, int by) {
    for (Filter.Check check : checks) {
      if (check != null) {
        check.reckon(other, node, by);
      }
    }
  }

  /** What must be written before the pod can be bound to a node that does. */
  List<VolumeDuty> duties(NodeView node) {
    List<VolumeDuty> duties = List.of();
    for (Filter.Check check : checks) {
      if (check != null && !check.duties(node).isEmpty()) {
        duties = check.duties(node);
      }
    }
    return duties;
  }

  /**
   * What may help: all that any rule concerned with this pod responds to, not only those that spoke
   * up, for behind one rejection the next may wait.
   */
  Cure cure() {
    Set<ClusterChange> changes = EnumSet.of(ClusterChange.NODE_ADDED);
    for (int i = 0; i < checks.length; i++) {
      if (checks[i] != null) {
        changes.addAll(filters.get(i).curedBy());
      }
    }
    return new Cure(changes);
  }
}
