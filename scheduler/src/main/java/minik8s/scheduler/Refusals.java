package minik8s.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.Verdict;

/** Why nodes were rejected for one pod, and by which of them others' leaving might help. */
final class Refusals {
  private final Map<String, Integer> reasons = new HashMap<>();
  private final List<NodeView> hopeful = new ArrayList<>();
  private int hopeless;

  void add(NodeView node, Verdict.Rejected verdict) {
    verdict.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
    if (verdict.hopeless()) {
      hopeless++;
    } else {
      hopeful.add(node);
    }
  }

  /** Counts nodes that were not even asked, all for one reason and without hope. */
  void addUnasked(int nodes, String reason) {
    if (nodes > 0) {
      reasons.merge(reason, nodes, Integer::sum);
      hopeless += nodes;
    }
  }

  /** The nodes that might do if other pods left them. */
  List<NodeView> hopeful() {
    return hopeful;
  }

  /** How many nodes would not do whoever left them. */
  int hopeless() {
    return hopeless;
  }

  /** The sentence of Kubernetes' FitError; it sorts the counted reasons as strings. */
  String sentence(int nodes) {
    if (nodes == 0) {
      return "no nodes available to schedule pods";
    }
    List<String> counted = new ArrayList<>();
    reasons.forEach((reason, count) -> counted.add(count + " " + reason));
    counted.sort(null);
    return "0/" + nodes + " nodes are available: " + String.join(", ", counted) + ".";
  }
}
