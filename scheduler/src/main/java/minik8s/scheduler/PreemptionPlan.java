package minik8s.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import minik8s.api.LabelSelector;
import minik8s.api.PodDisruptionBudget;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Chooses pods that leave for a more important one: as few as will do, of the least importance, and
 * with regard to disruption budgets where there is a choice. Pure; confined to the scheduling loop.
 * Source: Kubernetes' DefaultPreemption.
 */
final class PreemptionPlan {
  private static final int MIN_CANDIDATES = 100;
  private static final int PERCENT_OF_NODES = 10;
  private static final Verdict.Rejected NOT_HELPFUL =
      Verdict.hopeless("Preemption is not helpful for scheduling");
  private static final Verdict.Rejected NO_VICTIMS =
      Verdict.rejected("No preemption victims found for incoming pod");

  /** The more important first; of equals the one that has run longer. */
  private static final Comparator<PodView> IMPORTANCE =
      Comparator.comparingInt((PodView pod) -> -pod.priority())
          .thenComparing(PreemptionPlan::started)
          .thenComparing(PodView::id);

  private final ClusterSnapshot cluster;
  private final Predicate<String> condemned;
  private int start;

  /**
   * @param violations how many victims a disruption budget would have spared
   */
  private record Candidate(NodeView node, List<PodView> victims, int violations) {}

  /**
   * @param condemned whether a pod is being deleted for another, by its identity
   */
  PreemptionPlan(ClusterSnapshot cluster, Predicate<String> condemned) {
    this.cluster = cluster;
    this.condemned = condemned;
  }

  /** Whose leaving would help a pod that no node would take. */
  Preemption decide(Questions questions, Refusals refusals) {
    PodView pod = questions.pod();
    if (!pod.mayPreempt()) {
      return new Preemption.Useless("not eligible due to preemptionPolicy=Never.", false);
    }
    if (victimsStillLeave(pod)) {
      return new Preemption.Useless(
          "not eligible due to a terminating pod on the nominated node.", false);
    }
    Refusals why = new Refusals();
    why.addUnasked(refusals.hopeless(), NOT_HELPFUL.reasons().getFirst());
    List<Candidate> candidates = candidates(questions, refusals.hopeful(), why);
    return candidates.isEmpty()
        ? new Preemption.Useless(why.sentence(cluster.size()), true)
        : helps(best(candidates));
  }

  private static Preemption helps(Candidate best) {
    return new Preemption.Helps(best.node(), best.victims());
  }

  /** Whether room is still being made for the pod, so that no more need leave. */
  private boolean victimsStillLeave(PodView pod) {
    String kept = cluster.nominationOf(pod.id());
    NodeView node = kept == null ? null : cluster.node(kept);
    if (node == null) {
      return false;
    }
    for (PodView other : node.pods()) {
      if (other.priority() < pod.priority()
          && (other.pod().metadata().deleting() || condemned.test(other.id()))) {
        return true;
      }
    }
    return false;
  }

  /** Tries node after node; on a large cluster ends when there is enough to choose from. */
  private List<Candidate> candidates(Questions questions, List<NodeView> nodes, Refusals why) {
    int enough = Math.max(MIN_CANDIDATES, cluster.size() * PERCENT_OF_NODES / 100);
    List<Candidate> candidates = new ArrayList<>();
    boolean harmless = false;
    int tried = 0;
    while (tried < nodes.size() && !(harmless && candidates.size() >= enough)) {
      NodeView node = nodes.get((start + tried) % nodes.size());
      tried++;
      Candidate candidate = onNode(questions, node, why);
      if (candidate != null) {
        candidates.add(candidate);
        harmless |= candidate.violations() == 0;
      }
    }
    start = nodes.isEmpty() ? 0 : (start + tried) % nodes.size();
    return candidates;
  }

  private @Nullable Candidate onNode(Questions questions, NodeView node, Refusals why) {
    int priority = questions.pod().priority();
    if (!node.hasBelow(priority)) {
      why.add(node, NO_VICTIMS);
      return null;
    }
    List<PodView> lower = new ArrayList<>();
    NodeView bare = node;
    for (PodView other : node.pods()) {
      if (other.priority() < priority) {
        lower.add(other);
        bare = bare.without(other.id());
        questions.reckon(other, node, -1);
      }
    }
    lower.sort(IMPORTANCE);
    if (questions.ask(bare) instanceof Verdict.Rejected rejected) {
      lower.forEach(other -> questions.reckon(other, node, 1));
      why.add(node, rejected);
      return null;
    }
    return spare(questions, node, bare, lower);
  }

  /** Lets stay who can, the protected and the important first; the others are the victims. */
  private Candidate spare(Questions questions, NodeView node, NodeView bare, List<PodView> lower) {
    List<PodView> violating = new ArrayList<>();
    List<PodView> harmless = new ArrayList<>();
    split(lower, violating, harmless);
    List<PodView> victims = new ArrayList<>();
    NodeView left = spare(questions, node, bare, violating, victims);
    int violations = victims.size();
    spare(questions, node, left, harmless, victims);
    victims.forEach(victim -> questions.reckon(victim, node, 1));
    victims.sort(IMPORTANCE);
    return new Candidate(node, victims, violations);
  }

  private static NodeView spare(
      Questions questions,
      NodeView node,
      NodeView bare,
      List<PodView> pods,
      List<PodView> victims) {
    NodeView left = bare;
    for (PodView pod : pods) {
      NodeView fuller = left.with(pod);
      questions.reckon(pod, node, 1);
      if (questions.ask(fuller) instanceof Verdict.Fits) {
        left = fuller;
      } else {
        questions.reckon(pod, node, -1);
        victims.add(pod);
      }
    }
    return left;
  }

  /** Tells the pods whose leaving a disruption budget does not allow from the others. */
  private void split(List<PodView> pods, List<PodView> violating, List<PodView> harmless) {
    Map<PodDisruptionBudget, Integer> allowed = new HashMap<>();
    for (PodView pod : pods) {
      boolean violates = false;
      for (PodDisruptionBudget budget : cluster.budgets(pod.namespace())) {
        if (protects(budget, pod)) {
          int left = allowed.getOrDefault(budget, budget.status().disruptionsAllowed()) - 1;
          allowed.put(budget, left);
          violates |= left < 0;
        }
      }
      (violates ? violating : harmless).add(pod);
    }
  }

  /** A pod that is being evicted already is counted in the budget. */
  private static boolean protects(PodDisruptionBudget budget, PodView pod) {
    LabelSelector selector = budget.spec().selector();
    return selector != null
        && !selector.selectsAll()
        && selector.matches(pod.pod().metadata().labels())
        && !budget.status().disruptedPods().containsKey(pod.pod().metadata().name());
  }

  /**
   * The candidate that does least harm: fewest budgets violated, then the least important victims,
   * then the smallest sum of their importance, then the fewest, then those that have run shortest.
   */
  private static Candidate best(List<Candidate> candidates) {
    Comparator<Candidate> harm =
        Comparator.comparingInt(Candidate::violations)
            .thenComparingInt(PreemptionPlan::highest)
            .thenComparingLong(PreemptionPlan::sum)
            .thenComparingInt(candidate -> candidate.victims().size())
            .thenComparing(PreemptionPlan::earliest, Comparator.reverseOrder());
    Candidate best = candidates.getFirst();
    for (Candidate candidate : candidates) {
      best = harm.compare(candidate, best) < 0 ? candidate : best;
    }
    return best;
  }

  private static int highest(Candidate candidate) {
    return candidate.victims().isEmpty()
        ? Integer.MIN_VALUE
        : candidate.victims().getFirst().priority();
  }

  /** Priorities are made positive first, so that many of low priority weigh more than few. */
  private static long sum(Candidate candidate) {
    long sum = 0;
    for (PodView victim : candidate.victims()) {
      sum += victim.priority() + (long) Integer.MAX_VALUE + 1;
    }
    return sum;
  }

  /** When the longest running of the most important victims started. */
  private static Instant earliest(Candidate candidate) {
    return candidate.victims().isEmpty() ? Instant.MAX : started(candidate.victims().getFirst());
  }

  private static Instant started(PodView pod) {
    Instant started = pod.pod().status().startTime();
    return started == null ? Instant.MAX : started;
  }
}
