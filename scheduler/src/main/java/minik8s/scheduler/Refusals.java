package minik8s.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.scheduler.framework.Verdict;

/** Counts why nodes were rejected for one pod. Confined to one decision. */
final class Refusals {
  private final Map<String, Integer> reasons = new HashMap<>();

  void add(Verdict.Rejected verdict) {
    verdict.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
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
