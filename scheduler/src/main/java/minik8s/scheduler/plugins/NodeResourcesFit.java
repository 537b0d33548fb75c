package minik8s.scheduler.plugins;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import minik8s.scheduler.framework.Amounts;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.Verdict;

/**
 * A node must have left what the pod requests; among those that have, a strategy tells which use of
 * a node is best, by default that which leaves most. Stateless.
 */
public final class NodeResourcesFit implements Filter, Score {
  private static final List<String> NAMES = List.of("cpu", "memory", "ephemeral-storage");

  private final ScoringStrategy strategy;
  private final Set<String> ignored;
  private final Set<String> ignoredGroups;

  /** With Kubernetes' defaults. */
  public NodeResourcesFit() {
    this(ScoringStrategy.LEAST_ALLOCATED, Set.of(), Set.of());
  }

  /**
   * @param ignored extended resources that are not counted, because somebody else counts them
   * @param ignoredGroups the same, by the part before the slash
   */
  public NodeResourcesFit(
      ScoringStrategy strategy, Set<String> ignored, Set<String> ignoredGroups) {
    this.strategy = strategy;
    this.ignored = Set.copyOf(ignored);
    this.ignoredGroups = Set.copyOf(ignoredGroups);
  }

  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    Amounts wanted = counted(pod.requests());
    return node -> fits(wanted, node) ? Verdict.FITS : rejection(wanted, node);
  }

  private Amounts counted(Amounts wanted) {
    if (wanted.extended().isEmpty() || (ignored.isEmpty() && ignoredGroups.isEmpty())) {
      return wanted;
    }
    Map<String, Long> counted = new HashMap<>(wanted.extended());
    counted
        .keySet()
        .removeIf(name ->
            ignored.contains(name)
                || (name.contains("/")
                    && ignoredGroups.contains(name.substring(0, name.indexOf('/')))));
    return new Amounts(wanted.cpu(), wanted.memory(), wanted.storage(), wanted.pods(), counted);
  }

  private static boolean fits(Amounts wanted, NodeView node) {
    Amounts all = node.allocatable();
    Amounts used = node.requested();
    if (!enough(wanted.pods(), all.pods(), used.pods())
        || !enough(wanted.cpu(), all.cpu(), used.cpu())
        || !enough(wanted.memory(), all.memory(), used.memory())
        || !enough(wanted.storage(), all.storage(), used.storage())) {
      return false;
    }
    if (!wanted.extended().isEmpty()) {
      for (Map.Entry<String, Long> extended : wanted.extended().entrySet()) {
        String name = extended.getKey();
        if (!enough(extended.getValue(), all.extended(name), used.extended(name))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Who asks for nothing gets it even on an overfull node. */
  private static boolean enough(long wanted, long all, long used) {
    return wanted == 0 || wanted <= all - used;
  }

  /** Hopeless when even an empty node would not have enough. */
  private static Verdict rejection(Amounts wanted, NodeView node) {
    Amounts all = node.allocatable();
    List<String> reasons = new ArrayList<>(1);
    boolean hopeless = false;
    if (!enough(wanted.pods(), all.pods(), node.requested().pods())) {
      reasons.add("Too many pods");
      hopeless = wanted.pods() > all.pods();
    }
    for (String name : NAMES) {
      hopeless |= missing(name, wanted, node, reasons);
    }
    for (String name : new TreeSet<>(wanted.extended().keySet())) {
      hopeless |= missing(name, wanted, node, reasons);
    }
    return new Verdict.Rejected(reasons, hopeless);
  }

  /** Adds the reason if there is not enough; true when there never can be. */
  private static boolean missing(String name, Amounts wanted, NodeView node, List<String> reasons) {
    long asked = wanted.of(name);
    long all = node.allocatable().of(name);
    if (enough(asked, all, node.requested().of(name))) {
      return false;
    }
    reasons.add("Insufficient " + name);
    return asked > all;
  }

  @Override
  public Scorer prepareScore(PodView pod, ClusterSnapshot cluster, List<NodeView> feasible) {
    return node -> strategy.rate(pod, node);
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(
        ClusterChange.NODE_ADDED, ClusterChange.NODE_ALLOCATABLE, ClusterChange.POD_FREED);
  }
}
