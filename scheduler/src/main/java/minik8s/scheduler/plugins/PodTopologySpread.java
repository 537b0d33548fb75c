package minik8s.scheduler.plugins;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Domains;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.SpreadRule;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Spreads pods evenly over zones, nodes or other values of a node label. Stateless. Source:
 * Kubernetes' PodTopologySpread.
 *
 * <p>A pod without constraints gets those of the profile, which count the pods of its controller;
 * Kubernetes counts the pods that the controller's selector means, which comes to the same.
 */
public final class PodTopologySpread implements Filter, Score {
  /** Kubernetes' own defaults: rather not too many of one controller on a node or in a zone. */
  public static final List<SpreadRule> SYSTEM_DEFAULTS =
      List.of(
          SpreadRule.byOwner("kubernetes.io/hostname", 3, false),
          SpreadRule.byOwner("topology.kubernetes.io/zone", 5, false));

  private static final Verdict SKEWED =
      Verdict.rejected("node(s) didn't match pod topology spread constraints");
  private static final Verdict UNLABELLED =
      Verdict.hopeless(
          "node(s) didn't match pod topology spread constraints (missing required label)");

  /** The raw rating of a node that lacks one of the labels. */
  private static final long IGNORED = -1;

  private final List<SpreadRule> defaults;
  private final boolean systemDefaults;

  /** With Kubernetes' defaults. */
  public PodTopologySpread() {
    this(SYSTEM_DEFAULTS, true);
  }

  /**
   * @param defaults for pods that have a controller and no constraints
   * @param systemDefaults whether nodes that lack a label of the defaults are rated all the same
   */
  public PodTopologySpread(List<SpreadRule> defaults, boolean systemDefaults) {
    this.defaults = List.copyOf(defaults);
    this.systemDefaults = systemDefaults;
  }

  @Override
  public String name() {
    return "PodTopologySpread";
  }

  private List<SpreadRule> rules(PodView pod, boolean required) {
    List<SpreadRule> all = pod.spread();
    if (all.isEmpty()) {
      all = pod.owner().isEmpty() ? List.of() : defaults;
    }
    List<SpreadRule> rules = new ArrayList<>(all.size());
    for (SpreadRule rule : all) {
      if (rule.required() == required) {
        rules.add(rule);
      }
    }
    return rules;
  }

  @Override
  public @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    List<SpreadRule> rules = rules(pod, true);
    return rules.isEmpty() ? null : new Spread(pod, counts(rules, pod, cluster, true));
  }

  /** Counts for each rule. Its cost is that of the nodes and of the pods that match. */
  private static List<SpreadCounts> counts(
      List<SpreadRule> rules, PodView pod, ClusterSnapshot cluster, boolean allLabels) {
    List<SpreadCounts> counts = new ArrayList<>(rules.size());
    for (SpreadRule rule : rules) {
      BitSet eligible = eligible(rule, allLabels ? rules : List.of(rule), pod, cluster);
      counts.add(new SpreadCounts(rule, pod, cluster, eligible));
    }
    return counts;
  }

  /** The slots of the nodes that count for a rule; null when all do that have its label. */
  private static @Nullable BitSet eligible(
      SpreadRule rule, List<SpreadRule> rules, PodView pod, ClusterSnapshot cluster) {
    boolean byAffinity = rule.honorAffinity() && NodeAffinity.restricts(pod);
    List<Domains> labels = new ArrayList<>(rules.size());
    for (SpreadRule each : rules) {
      Domains domains = cluster.domains(each.topologyKey());
      if (domains.labelled() < cluster.size()) {
        labels.add(domains);
      }
    }
    boolean ownLabelOnly = labels.isEmpty() || rules.size() == 1;
    if (ownLabelOnly && !byAffinity && !rule.honorTaints()) {
      return null;
    }
    BitSet eligible = new BitSet(cluster.slots());
    for (int i = 0; i < cluster.size(); i++) {
      NodeView node = cluster.node(i);
      if (labelled(node, labels)
          && (!byAffinity || NodeAffinity.allows(pod, node))
          && (!rule.honorTaints() || !TaintToleration.repelled(pod, node))) {
        eligible.set(node.slot());
      }
    }
    return eligible;
  }

  private static boolean labelled(NodeView node, List<Domains> labels) {
    for (Domains domains : labels) {
      if (domains.of(node) == Domains.NONE) {
        return false;
      }
    }
    return true;
  }

  private record Spread(PodView pod, List<SpreadCounts> counts) implements Check {
    @Override
    public Verdict check(NodeView node) {
      for (SpreadCounts each : counts) {
        if (!each.covers(node)) {
          return UNLABELLED;
        }
        if (each.skewOn(node) > each.rule().maxSkew()) {
          return SKEWED;
        }
      }
      return Verdict.FITS;
    }

    @Override
    public void reckon(PodView other, NodeView node, int by) {
      if (!other.pod().metadata().deleting()) {
        for (SpreadCounts each : counts) {
          if (each.rule().counts(other, pod)) {
            each.add(node, by);
          }
        }
      }
    }
  }

  @Override
  public @Nullable Scorer prepareScore(
      PodView pod, ClusterSnapshot cluster, List<NodeView> feasible) {
    List<SpreadRule> rules = rules(pod, false);
    if (rules.isEmpty()) {
      return null;
    }
    boolean allLabels = !pod.spread().isEmpty() || !systemDefaults;
    List<SpreadCounts> counts = counts(rules, pod, cluster, allLabels);
    double[] weights = new double[counts.size()];
    for (int i = 0; i < weights.length; i++) {
      // Kubernetes' weight: among many domains one pod more in a domain tells more.
      weights[i] = Math.log(counts.get(i).domainsAmong(feasible) + 2.0);
    }
    return new Evenness(counts, weights, allLabels);
  }

  /** Costs nodes by the pods in their domains; the cheapest is best. */
  private static final class Evenness implements Scorer {
    private final List<SpreadCounts> counts;
    private final double[] weights;
    private final boolean allLabels;

    Evenness(List<SpreadCounts> counts, double[] weights, boolean allLabels) {
      this.counts = counts;
      this.weights = weights;
      this.allLabels = allLabels;
    }

    @Override
    public long score(NodeView node) {
      double cost = 0;
      for (int i = 0; i < weights.length; i++) {
        SpreadCounts each = counts.get(i);
        if (each.covers(node)) {
          cost += each.podsNear(node) * weights[i] + (each.rule().maxSkew() - 1);
        } else if (allLabels) {
          return IGNORED;
        }
      }
      return Math.round(cost);
    }

    @Override
    public void normalize(long[] scores, int count) {
      long least = Long.MAX_VALUE;
      long most = 0;
      for (int i = 0; i < count; i++) {
        if (scores[i] != IGNORED) {
          least = Math.min(least, scores[i]);
          most = Math.max(most, scores[i]);
        }
      }
      for (int i = 0; i < count; i++) {
        if (scores[i] == IGNORED) {
          scores[i] = 0;
        } else {
          scores[i] = most == 0 ? MAX : MAX * (most + least - scores[i]) / most;
        }
      }
    }
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(
        ClusterChange.NODE_ADDED,
        ClusterChange.NODE_REMOVED,
        ClusterChange.NODE_LABELS,
        ClusterChange.NODE_TAINTS,
        ClusterChange.POD_FREED,
        ClusterChange.POD_PLACED);
  }

  @Override
  public boolean local() {
    return false;
  }

  @Override
  public boolean concerns(PodView pod, PodView other, ClusterSnapshot cluster) {
    for (SpreadRule rule : rules(pod, true)) {
      if (rule.counts(other, pod)) {
        return true;
      }
    }
    return false;
  }
}
