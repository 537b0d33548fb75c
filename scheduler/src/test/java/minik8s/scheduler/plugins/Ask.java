package minik8s.scheduler.plugins;

import java.util.Arrays;
import java.util.List;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;
import minik8s.scheduler.framework.Verdict;
import minik8s.testing.Pods;
import tools.jackson.databind.node.ObjectNode;

/** Puts questions to plugins in tests. */
final class Ask {
  private Ask() {}

  /** A pod whose spec has these fields besides one container. */
  static PodView pod(String spec) {
    return PodView.of(pod("p", spec));
  }

  static Pod pod(String name, String spec) {
    ObjectNode document = Pods.pod(name).uid("uid-" + name).document();
    document.withObject("spec").setAll((ObjectNode) Yaml.documents(spec).getFirst());
    return Json.read(document, Pod.class);
  }

  /** Why a filter rejects; empty when it does not. */
  static List<String> reasons(Filter filter, PodView pod, NodeView node) {
    return reasons(filter, pod, node, new ClusterState());
  }

  /** Why a filter rejects a node of a cluster; empty when it does not. */
  static List<String> reasons(Filter filter, PodView pod, NodeView node, ClusterState cluster) {
    Filter.Check check = filter.prepareFilter(pod, cluster);
    Verdict verdict = check == null ? Verdict.FITS : check.check(node);
    return switch (verdict) {
      case Verdict.Fits _ -> List.of();
      case Verdict.Rejected rejected -> rejected.reasons();
    };
  }

  /** Normalized ratings in the order of the nodes; all 0 when the plugin does not care. */
  static List<Long> scores(Score score, PodView pod, ClusterState cluster, NodeView... nodes) {
    Score.Scorer scorer = score.prepareScore(pod, cluster, List.of(nodes));
    long[] ratings = new long[nodes.length];
    if (scorer != null) {
      Arrays.setAll(ratings, i -> scorer.score(nodes[i]));
      scorer.normalize(ratings, nodes.length);
    }
    return Arrays.stream(ratings).boxed().toList();
  }
}
