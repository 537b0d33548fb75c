package minik8s.scheduler;

import minik8s.scheduler.framework.ClusterSnapshot;
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
    Refusals refusals = new Refusals();
    int found = search(pod, refusals);
    if (found == 0) {
      Placement.Nowhere nowhere = refusals.sum(cluster.size());
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

  /** Fills {@link #feasible} and returns how many it found. */
  private int search(PodView pod, Refusals refusals) {
    int nodes = cluster.size();
    int enough = Profile.feasibleEnough(nodes);
    if (feasible.length < enough) {
      feasible = new NodeView[enough];
      totals = new long[enough];
      ratings = new long[enough];
    }
    Filter[] filters = profile.filters().toArray(Filter[]::new);
    Filter.@Nullable Check[] checks = new Filter.@Nullable Check[filters.length];
    for (int i = 0; i < filters.length; i++) {
      checks[i] = filters[i].prepareFilter(pod, cluster);
    }
    int found = 0;
    int seen = 0;
    while (seen < nodes && found < enough) {
      NodeView node = cluster.node((start + seen) % nodes);
      seen++;
      if (accepts(node, filters, checks, refusals)) {
        feasible[found++] = node;
      }
    }
    start = nodes == 0 ? 0 : (start + seen) % nodes;
    return found;
  }

  private static boolean accepts(
      NodeView node, Filter[] filters, Filter.@Nullable Check[] checks, Refusals refusals) {
    for (int i = 0; i < checks.length; i++) {
      Filter.Check check = checks[i];
      if (check != null && check.check(node) instanceof Verdict.Rejected rejected) {
        refusals.add(filters[i], rejected);
        return false;
      }
    }
    return true;
  }

  private NodeView best(PodView pod, int count) {
    java.util.Arrays.fill(totals, 0, count, 0);
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
