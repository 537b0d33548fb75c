package minik8s.scheduler.plugins;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.DomainCounts;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodAffinities;
import minik8s.scheduler.framework.PodTerm;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.TermSort;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Pods that must, or would like to, be near other pods or far from them; what pods on nodes say
 * about newcomers counts as much. Stateless. Source: Kubernetes' InterPodAffinity.
 */
public final class InterPodAffinity implements Filter, Score {
  private static final Verdict NOT_NEAR =
      Verdict.hopeless("node(s) didn't match pod affinity rules");
  private static final Verdict NOT_FAR =
      Verdict.rejected("node(s) didn't match pod anti-affinity rules");
  private static final Verdict UNWANTED =
      Verdict.rejected("node(s) didn't satisfy existing pods anti-affinity rules");

  private final int hardPodAffinityWeight;
  private final boolean ignorePreferredTermsOfExistingPods;

  /** With Kubernetes' defaults. */
  public InterPodAffinity() {
    this(1, false);
  }

  /**
   * @param hardPodAffinityWeight how much a pod's required affinity draws those it means after it
   * @param ignorePreferredTermsOfExistingPods whether only the newcomer's own terms rate nodes
   */
  public InterPodAffinity(int hardPodAffinityWeight, boolean ignorePreferredTermsOfExistingPods) {
    this.hardPodAffinityWeight = hardPodAffinityWeight;
    this.ignorePreferredTermsOfExistingPods = ignorePreferredTermsOfExistingPods;
  }

  @Override
  public String name() {
    return "InterPodAffinity";
  }

  @Override
  public @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    Map<String, DomainCounts> repelling = new HashMap<>(0);
    cluster.terms(
        TermSort.REPELS,
        (term, tally) -> {
          if (term.matches(pod, cluster)) {
            repelling
                .computeIfAbsent(term.topologyKey(), key -> counts(key, cluster))
                .add(tally, 1);
          }
        });
    PodAffinities own = pod.affinity();
    if (repelling.isEmpty() && own.nearTo().isEmpty() && own.farFrom().isEmpty()) {
      return null;
    }
    return new Neighbours(pod, cluster, repelling);
  }

  private static DomainCounts counts(String topologyKey, ClusterSnapshot cluster) {
    return new DomainCounts(cluster.domains(topologyKey));
  }

  /** The pods concerned, counted per domain, for one decision about one pod. */
  private static final class Neighbours implements Check {
    private final PodView pod;
    private final ClusterSnapshot cluster;
    private final Map<String, DomainCounts> repelling;
    private final List<DomainCounts> near = new ArrayList<>(1);
    private final List<DomainCounts> far = new ArrayList<>(1);
    private final boolean first;
    private long nearby;

    Neighbours(PodView pod, ClusterSnapshot cluster, Map<String, DomainCounts> repelling) {
      this.pod = pod;
      this.cluster = cluster;
      this.repelling = repelling;
      List<PodTerm> nearTo = pod.affinity().nearTo();
      for (PodTerm term : nearTo) {
        near.add(counts(term.topologyKey(), cluster));
      }
      if (!nearTo.isEmpty()) {
        nearTo
            .getFirst()
            .crowds(
                cluster,
                crowd -> {
                  if (matchesAll(nearTo, crowd.namespace(), crowd.labels())) {
                    near.forEach(counts -> counts.add(crowd.perNode(), 1));
                    crowd.perNode().forEach((_, pods) -> nearby += pods);
                  }
                });
      }
      for (PodTerm term : pod.affinity().farFrom()) {
        DomainCounts counts = counts(term.topologyKey(), cluster);
        term.crowds(cluster, crowd -> counts.add(crowd.perNode(), 1));
        far.add(counts);
      }
      this.first =
          !nearTo.isEmpty() && matchesAll(nearTo, pod.namespace(), pod.pod().metadata().labels());
    }

    private boolean matchesAll(List<PodTerm> terms, String namespace, Map<String, String> labels) {
      for (PodTerm term : terms) {
        if (!term.matches(namespace, labels, cluster)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Verdict check(NodeView node) {
      if (!nearEnough(node)) {
        return NOT_NEAR;
      }
      for (DomainCounts counts : far) {
        if (counts.at(node) > 0) {
          return NOT_FAR;
        }
      }
      for (DomainCounts counts : repelling.values()) {
        if (counts.at(node) > 0) {
          return UNWANTED;
        }
      }
      return Verdict.FITS;
    }

    /** The first of pods that want to be together may go anywhere where there is a place at all. */
    private boolean nearEnough(NodeView node) {
      boolean together = true;
      for (DomainCounts counts : near) {
        if (!counts.covers(node)) {
          return false;
        }
        together &= counts.at(node) > 0;
      }
      return together || (nearby == 0 && first);
    }

    @Override
    public void reckon(PodView other, NodeView node, int by) {
      if (!near.isEmpty()
          && matchesAll(
              pod.affinity().nearTo(), other.namespace(), other.pod().metadata().labels())) {
        near.forEach(counts -> counts.add(node, by));
        nearby += by;
      }
      List<PodTerm> farFrom = pod.affinity().farFrom();
      for (int i = 0; i < farFrom.size(); i++) {
        if (farFrom.get(i).matches(other, cluster)) {
          far.get(i).add(node, by);
        }
      }
      for (PodTerm term : other.affinity().farFrom()) {
        if (term.matches(pod, cluster)) {
          repelling.computeIfAbsent(term.topologyKey(), key -> counts(key, cluster)).add(node, by);
        }
      }
    }
  }

  @Override
  public @Nullable Scorer prepareScore(
      PodView pod, ClusterSnapshot cluster, List<NodeView> feasible) {
    Map<String, DomainCounts> sums = new HashMap<>(0);
    for (PodTerm term : pod.affinity().preferences()) {
      term.crowds(
          cluster,
          crowd ->
              sums.computeIfAbsent(term.topologyKey(), key -> counts(key, cluster))
                  .add(crowd.perNode(), term.weight()));
    }
    boolean opinionated = !pod.affinity().preferences().isEmpty();
    if (!ignorePreferredTermsOfExistingPods || opinionated) {
      cluster.terms(
          TermSort.INCLINED,
          (term, tally) -> {
            if (term.matches(pod, cluster)) {
              sums.computeIfAbsent(term.topologyKey(), key -> counts(key, cluster))
                  .add(tally, term.weight());
            }
          });
      if (hardPodAffinityWeight > 0) {
        cluster.terms(
            TermSort.ATTACHED,
            (term, tally) -> {
              if (term.matches(pod, cluster)) {
                sums.computeIfAbsent(term.topologyKey(), key -> counts(key, cluster))
                    .add(tally, hardPodAffinityWeight);
              }
            });
      }
    }
    return sums.isEmpty() ? null : spanned(List.copyOf(sums.values()));
  }

  /** The least liked node becomes 0, the most liked {@link #MAX}. */
  private static Scorer spanned(List<DomainCounts> sums) {
    return new Scorer() {
      @Override
      public long score(NodeView node) {
        long sum = 0;
        for (DomainCounts counts : sums) {
          sum += counts.at(node);
        }
        return sum;
      }

      @Override
      public void normalize(long[] scores, int count) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
          least = Math.min(least, scores[i]);
          most = Math.max(most, scores[i]);
        }
        for (int i = 0; i < count; i++) {
          scores[i] = most == least ? 0 : MAX * (scores[i] - least) / (most - least);
        }
      }
    };
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(
        ClusterChange.NODE_ADDED,
        ClusterChange.NODE_LABELS,
        ClusterChange.POD_FREED,
        ClusterChange.POD_PLACED,
        ClusterChange.NAMESPACE_LABELS);
  }

  @Override
  public boolean local() {
    return false;
  }

  @Override
  public boolean concerns(PodView pod, PodView other, ClusterSnapshot cluster) {
    for (PodTerm term : pod.affinity().nearTo()) {
      if (term.matches(other, cluster)) {
        return true;
      }
    }
    for (PodTerm term : pod.affinity().farFrom()) {
      if (term.matches(other, cluster)) {
        return true;
      }
    }
    for (PodTerm term : other.affinity().farFrom()) {
      if (term.matches(pod, cluster)) {
        return true;
      }
    }
    return false;
  }
}
