package minik8s.scheduler.plugins;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.LabelSelector;
import minik8s.api.Node;
import minik8s.api.PodSpec;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/** {@code nodeSelector} and node affinity: labels a node must or had better have. Stateless. */
public final class NodeAffinity implements Filter, Score {
  private static final Verdict MISMATCH =
      Verdict.hopeless("node(s) didn't match Pod's node affinity/selector");

  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    Map<String, String> selector = pod.pod().spec().nodeSelector();
    PodSpec.NodeAffinity affinity = affinity(pod);
    PodSpec.NodeSelector required =
        affinity == null ? null : affinity.requiredDuringSchedulingIgnoredDuringExecution();
    if (selector.isEmpty() && required == null) {
      return null;
    }
    Set<String> names = required == null ? null : names(required);
    return new Check() {
      @Override
      public Verdict check(NodeView node) {
        return selected(selector, node) && (required == null || anyTerm(required, node.node()))
            ? Verdict.FITS
            : MISMATCH;
      }

      @Override
      public @Nullable Set<String> only() {
        return names;
      }
    };
  }

  /** Whether the pod's selector and required affinity allow a node. */
  static boolean allows(PodView pod, NodeView node) {
    PodSpec.NodeAffinity affinity = affinity(pod);
    PodSpec.NodeSelector required =
        affinity == null ? null : affinity.requiredDuringSchedulingIgnoredDuringExecution();
    return selected(pod.pod().spec().nodeSelector(), node)
        && (required == null || anyTerm(required, node.node()));
  }

  /** Whether the pod restricts its nodes by selector or affinity at all. */
  static boolean restricts(PodView pod) {
    PodSpec.NodeAffinity affinity = affinity(pod);
    return !pod.pod().spec().nodeSelector().isEmpty()
        || (affinity != null && affinity.requiredDuringSchedulingIgnoredDuringExecution() != null);
  }

  /**
   * The nodes that are asked for by name, which is how a DaemonSet's pods say where they belong;
   * null when some term names none.
   */
  private static @Nullable Set<String> names(PodSpec.NodeSelector required) {
    Set<String> names = new HashSet<>();
    for (PodSpec.NodeSelectorTerm term : required.nodeSelectorTerms()) {
      Set<String> ofTerm = null;
      for (LabelSelector.Requirement field : term.matchFields()) {
        if (field.key().equals("metadata.name") && field.operator().equals("In")) {
          Set<String> these = new HashSet<>(field.values());
          if (ofTerm != null) {
            these.retainAll(ofTerm);
          }
          ofTerm = these;
        }
      }
      if (ofTerm == null) {
        return null;
      }
      names.addAll(ofTerm);
    }
    return names;
  }

  private static boolean selected(Map<String, String> selector, NodeView node) {
    Map<String, String> labels = node.node().metadata().labels();
    for (Map.Entry<String, String> wanted : selector.entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean anyTerm(PodSpec.NodeSelector required, Node node) {
    for (PodSpec.NodeSelectorTerm term : required.nodeSelectorTerms()) {
      if (term.matches(node)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable Scorer prepareScore(
      PodView pod, ClusterSnapshot cluster, List<NodeView> feasible) {
    PodSpec.NodeAffinity affinity = affinity(pod);
    List<PodSpec.PreferredTerm> wishes =
        affinity == null ? List.of() : affinity.preferredDuringSchedulingIgnoredDuringExecution();
    return wishes.isEmpty() ? null : Score.proportional(node -> granted(wishes, node.node()));
  }

  private static long granted(List<PodSpec.PreferredTerm> wishes, Node node) {
    long sum = 0;
    for (PodSpec.PreferredTerm wish : wishes) {
      PodSpec.NodeSelectorTerm term = wish.preference();
      // Unlike a required term, an empty preference holds everywhere.
      boolean empty = term.matchExpressions().isEmpty() && term.matchFields().isEmpty();
      if (empty || term.matches(node)) {
        sum += wish.weight();
      }
    }
    return sum;
  }

  private static PodSpec.@Nullable NodeAffinity affinity(PodView pod) {
    PodSpec.Affinity affinity = pod.pod().spec().affinity();
    return affinity == null ? null : affinity.nodeAffinity();
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(ClusterChange.NODE_ADDED, ClusterChange.NODE_LABELS);
  }
}
