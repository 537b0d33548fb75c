package minik8s.scheduler;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
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
 * best; where there is none, asks whether others should leave. Pure but for arrays that are used
 * again; confined to the scheduling loop.
 *
 * <p>Each search begins where the last one ended, so that all nodes get their turn. Among equals
 * the node with fewer pods wins, then the one met first; there is no chance in it.
 */
final class PlacementPlan {
  private final Profile profile;
  private final ClusterSnapshot cluster;
  private final PreemptionPlan preemption;
  private int start;
  private NodeView[] feasible = new NodeView[0];
  private long[] totals = new long[0];
  private long[] ratings = new long[0];
  private @Nullable PodView refused;
  private Placement.@Nullable Nowhere refusal;
  private long refusedAt;

  /**
   * @param condemned whether a pod is being deleted for another, by its identity
   */
  PlacementPlan(Profile profile, ClusterSnapshot cluster, Predicate<String> condemned) {
    this.profile = profile;
    this.cluster = cluster;
    this.preemption = new PreemptionPlan(cluster, condemned);
  }

  /** Where the pod shall go. */
  Placement decide(PodView pod) {
    PodView like = refused;
    Placement.Nowhere known = refusal;
    String room = cluster.nominationOf(pod.id());
    if (like != null
        && known != null
        && room == null
        && refusedAt == cluster.version()
        && pod.placedLike(like)) {
      // The thousandth replica on a full cluster need not be tried on every node.
      return known;
    }
    Questions questions = Questions.of(profile, pod, cluster);
    String fault = questions.refusal();
    if (fault != null && cluster.size() > 0) {
      return remembered(pod, refused(questions, fault));
    }
    NodeView kept = room == null ? null : cluster.node(room);
    if (kept != null && questions.ask(kept) instanceof Verdict.Fits) {
      // Others left that node for this pod.
      return new Placement.On(kept, questions.duties(kept));
    }
    Refusals refusals = new Refusals();
    Set<String> only = questions.only();
    int found = only == null ? search(questions, refusals) : searchAmong(only, questions, refusals);
    if (found == 0) {
      return remembered(pod, nowhere(questions, refusals));
    }
    NodeView node = found == 1 ? feasible[0] : best(pod, found);
    return new Placement.On(node, questions.duties(node));
  }

  private Placement refused(Questions questions, String fault) {
    String message = "0/" + cluster.size() + " nodes are available: " + fault + ".";
    Refusals refusals = new Refusals();
    refusals.addUnasked(cluster.size(), fault);
    return preempt(questions, refusals, message);
  }

  private Placement nowhere(Questions questions, Refusals refusals) {
    return preempt(questions, refusals, refusals.sentence(cluster.size()));
  }

  private Placement preempt(Questions questions, Refusals refusals, String message) {
    if (!profile.preempting() || cluster.size() == 0) {
      return new Placement.Nowhere(message, questions.cure(), true);
    }
    return switch (preemption.decide(questions, refusals)) {
      case Preemption.Useless useless ->
          new Placement.Nowhere(
              message + " preemption: " + useless.why(), questions.cure(), useless.hopeless());
      case Preemption.Helps helps ->
          new Placement.Displace(
              helps.node(),
              helps.victims(),
              outbid(questions.pod(), helps.node()),
              message,
              questions.cure());
    };
  }

  /** Those who wait for room that is now kept for a more important pod. */
  private List<PodView> outbid(PodView pod, NodeView node) {
    return cluster.nominated(node.name()).stream()
        .filter(other -> other.priority() < pod.priority())
        .toList();
  }

  private Placement remembered(PodView pod, Placement placement) {
    if (placement instanceof Placement.Nowhere nowhere && cluster.nominationOf(pod.id()) == null) {
      refused = pod;
      refusal = nowhere;
      refusedAt = cluster.version();
    }
    return placement;
  }

  /** Whether no filter has anything against the pod on this node, beside whom it is kept for. */
  boolean couldFit(PodView pod, NodeView node) {
    NodeView fuller = node;
    for (PodView other : cluster.nominated(node.name())) {
      if (other.priority() >= pod.priority() && !other.id().equals(pod.id())) {
        fuller = fuller.with(other);
      }
    }
    return couldFit(pod, fuller, true) && couldFit(pod, fuller, false);
  }

  /** Rules that judge a node alone are cheap to ask, so they are asked first. */
  private boolean couldFit(PodView pod, NodeView node, boolean local) {
    for (Filter filter : profile.filters()) {
      Filter.Check check = filter.local() == local ? filter.prepareFilter(pod, cluster) : null;
      if (check != null && check.check(node) instanceof Verdict.Rejected) {
        return false;
      }
    }
    return true;
  }

  /** Whether another pod's coming or going may help this one wherever it happened. */
  boolean concerns(PodView pod, PodView other) {
    for (Filter filter : profile.filters()) {
      if (!filter.local() && filter.concerns(pod, other, cluster)) {
        return true;
      }
    }
    return false;
  }

  /** Fills {@link #feasible} and returns how many it found; asks for reasons if none. */
  private int search(Questions questions, Refusals refusals) {
    int nodes = cluster.size();
    int enough = profile.feasibleEnough(nodes);
    reserve(enough);
    int found = 0;
    int seen = 0;
    while (seen < nodes && found < enough) {
      NodeView node = cluster.node((start + seen) % nodes);
      seen++;
      if (questions.fits(node)) {
        feasible[found++] = node;
      }
    }
    start = nodes == 0 ? 0 : (start + seen) % nodes;
    if (found == 0) {
      for (int i = 0; i < nodes; i++) {
        refuse(cluster.node((start + i) % nodes), questions, refusals);
      }
    }
    return found;
  }

  private int searchAmong(Set<String> only, Questions questions, Refusals refusals) {
    reserve(only.size());
    int found = 0;
    int asked = 0;
    for (String name : new TreeSet<>(only)) {
      NodeView node = cluster.node(name);
      if (node != null) {
        asked++;
        if (!refuse(node, questions, refusals)) {
          feasible[found++] = node;
        }
      }
    }
    if (found == 0) {
      refusals.addUnasked(
          cluster.size() - asked, "node(s) didn't satisfy plugin(s) " + questions.whoNames());
    }
    return found;
  }

  /** Takes note of why a node will not do; false when it will. */
  private static boolean refuse(NodeView node, Questions questions, Refusals refusals) {
    if (questions.ask(node) instanceof Verdict.Rejected rejected) {
      refusals.add(node, rejected);
      return true;
    }
    return false;
  }

  private void reserve(int enough) {
    if (feasible.length < enough) {
      feasible = new NodeView[enough];
      totals = new long[enough];
      ratings = new long[enough];
    }
  }

  private NodeView best(PodView pod, int count) {
    Arrays.fill(totals, 0, count, 0);
    List<NodeView> rated = Arrays.asList(feasible).subList(0, count);
    for (Weighted weighted : profile.scores()) {
      Score.Scorer scorer = weighted.score().prepareScore(pod, cluster, rated);
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
