package minik8s.scheduler.plugins;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Domains;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.SpreadRule;
import org.jspecify.annotations.Nullable;

/**
 * How many pods that one spread rule counts are in each domain. Confined to one decision. Made at a
 * cost that grows with domains and matching pods; asked about a node at a constant one.
 */
final class SpreadCounts {
  /** In place of a count: no eligible node is in the domain. */
  private static final int ABSENT = -1;

  private final SpreadRule rule;
  private final Domains domains;
  private final int[] counts;
  private final @Nullable BitSet eligible;
  private final int self;
  private int emptiest;
  private boolean stale = true;

  /**
   * @param eligible slots of the nodes that count; null for all that have the label
   */
  SpreadCounts(SpreadRule rule, PodView pod, ClusterSnapshot cluster, @Nullable BitSet eligible) {
    this.rule = rule;
    this.domains = cluster.domains(rule.topologyKey());
    this.eligible = eligible;
    this.counts = new int[domains.bound()];
    this.self = rule.counts(pod, pod) ? 1 : 0;
    if (eligible == null) {
      for (int domain = 0; domain < counts.length; domain++) {
        counts[domain] = domains.nodesIn(domain) > 0 ? 0 : ABSENT;
      }
    } else {
      Arrays.fill(counts, ABSENT);
      eligible.stream().map(domains::at).filter(d -> d != Domains.NONE).forEach(d -> counts[d] = 0);
    }
    rule.tallies(pod, cluster, tally -> tally.forEach(this::add));
  }

  SpreadRule rule() {
    return rule;
  }

  /** Whether the node has the label. */
  boolean covers(NodeView node) {
    return domains.of(node) != Domains.NONE;
  }

  /** Pods in the node's domain; 0 when the node is in none. */
  int podsNear(NodeView node) {
    int domain = domains.of(node);
    return domain == Domains.NONE ? 0 : Math.max(0, counts[domain]);
  }

  /** How much fuller than the emptiest the node's domain would be with the pod in it. */
  int skewOn(NodeView node) {
    return podsNear(node) + self - emptiest();
  }

  /** Counts a pod more or less on a node. */
  void add(NodeView node, int by) {
    add(node.slot(), by);
    stale = true;
  }

  private void add(int slot, int by) {
    int domain = domains.at(slot);
    if (domain != Domains.NONE && (eligible == null || eligible.get(slot))) {
      counts[domain] += by;
    }
  }

  private int emptiest() {
    if (stale) {
      int least = Integer.MAX_VALUE;
      int present = 0;
      for (int count : counts) {
        if (count != ABSENT) {
          present++;
          least = Math.min(least, count);
        }
      }
      emptiest = present == 0 || present < rule.minDomains() ? 0 : least;
      stale = false;
    }
    return emptiest;
  }

  /** In how many domains the nodes are. */
  int domainsAmong(List<NodeView> nodes) {
    BitSet seen = new BitSet(counts.length);
    for (NodeView node : nodes) {
      int domain = domains.of(node);
      if (domain != Domains.NONE) {
        seen.set(domain);
      }
    }
    return seen.cardinality();
  }
}
