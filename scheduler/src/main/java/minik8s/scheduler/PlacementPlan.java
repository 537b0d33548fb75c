package minik8s.scheduler;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Cure;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.framework.Profile.Weighted;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a node for a pod: filters until enough nodes are found feasible, rates those, takes the
 * best. Pure but for arrays that are used again; confined to the scheduling loop.
 *
 * <p>Each search begins where the last one ended, so that all nodes get their turn. Among equals
 * the node with fewer pods wins, then the one met first; there is no chance in it.
 */
final class PlacementPlan {
  private final Profile profile;
  private final ClusterSnapshot cluster;
  private int start;
  private NodeView[] feasible = new NodeView[0];
  private long[] totals = new long[0];
  private long[] ratings = new long[0];
  private @Nullable PodView refused;
  private Placement.@Nullable Nowhere refusal;
  private long refusedAt;

  PlacementPlan(Profile profile, ClusterSnapshot cluster) {
    this.profile = profile;
    this.cluster = cluster;
  }

  /** Where the pod shall go. */
  Placement decide(PodView pod) {
    PodView like = refused;
    Placement.Nowhere known = refusal;
    if (like != null && known != null && refusedAt == cluster.version() && pod.placedLike(like)) {
      // The thousandth replica on a full cluster need not be tried on every node.
      return known;
    }
    Filter.@Nullable Check[] checks = checks(pod);
    Refusals refusals = new Refusals();
    int found = search(checks, refusals);
    if (found == 0) {
      Placement.Nowhere nowhere =
          new Placement.Nowhere(refusals.sentence(cluster.size()), cure(checks));
      refused = pod;
      refusal = nowhere;
      refusedAt = cluster.version();
      return nowhere;
    }
    return new Placement.On(found == 1 ? feasible[0] : best(pod, found));
  }

  /** Whether no filter that judges a node alone has anything against the pod on this node. */
  boolean couldFit(PodView pod, NodeView node) {
    for (Filter filter : profile.filters()) {
      Filter.Check check = filter.local() ? filter.prepareFilter(pod, cluster) : null;
      if (check != null && check.check(node) instanceof Verdict.Rejected) {
        return false;
      }
    }
    return true;
  }

  /**
   * What may help: all that any rule concerned with this pod responds to, not only those that spoke
   * up, for behind one rejection the next may wait.
   */
  private Cure cure(Filter.@Nullable Check[] checks) {
    Set<ClusterChange> changes = EnumSet.of(ClusterChange.NODE_ADDED);
    boolean local = true;
    for (int i = 0; i < checks.length; i++) {
      if (checks[i] != null) {
        changes.addAll(profile.filters().get(i).curedBy());
        local &= profile.filters().get(i).local();
      }
    }
    return new Cure(changes, local);
  }

  private Filter.@Nullable Check[] checks(PodView pod) {
    Filter.@Nullable Check[] checks = new Filter.@Nullable Check[profile.filters().size()];
    for (int i = 0; i < checks.length; i++) {
      checks[i] = profile.filters().get(i).prepareFilter(pod, cluster);
    }
    return checks;
  }

  /** Fills {@link #feasible} and returns how many it found. */
  private int search(Filter.@Nullable Check[] checks, Refusals refusals) {
    int nodes = cluster.size();
    int enough = Profile.feasibleEnough(nodes);
    if (feasible.length < enough) {
      feasible = new NodeView[enough];
      totals = new long[enough];
      ratings = new long[enough];
    }
    int found = 0;
    int seen = 0;
    while (seen < nodes && found < enough) {
      NodeView node = cluster.node((start + seen) % nodes);
      seen++;
      if (accepts(node, checks, refusals)) {
        feasible[found++] = node;
      }
    }
    start = nodes == 0 ? 0 : (start + seen) % nodes;
    return found;
  }

  private static boolean accepts(
      NodeView node, Filter.@Nullable Check[] checks, Refusals refusals) {
    for (int i = 0; i < checks.length; i++) {
      Filter.Check check = checks[i];
      if (check != null && check.check(node) instanceof Verdict.Rejected rejected) {
        refusals.add(rejected);
        return false;
      }
    }
    return true;
  }

  private NodeView best(PodView pod, int count) {
    Arrays.fill(totals, 0, count, 0);
    for (Weighted weighted : profile.scores()) {
      Score.Scorer scorer = weighted.score().prepareScore(pod, cluster);
      if (scorer != null) {
        rate(scorer, weighted.weight(), count);
      }
    }
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (totals[i] > totals[best]
          || (totals[i] == totals[best] && feasible[i].podCount() < feasible[best].podCount())) {
        best = i;
      }
    }
    return feasible[best];
  }

  private void rate(Score.Scorer scorer, int weight, int count) {
    for (int i = 0; i < count; i++) {
      ratings[i] = scorer.score(feasible[i]);
    }
    scorer.normalize(ratings, count);
    for (int i = 0; i < count; i++) {
      totals[i] += weight * ratings[i];
    }
  }
}
