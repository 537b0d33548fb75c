package minik8s.scheduler;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.Cure;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.Verdict;

/** Counts why nodes were rejected for one pod. Confined to one decision. */
final class Refusals {
  private final Map<String, Integer> reasons = new HashMap<>();
  private final Set<ClusterChange> cures = EnumSet.of(ClusterChange.NODE_ADDED);
  private boolean local = true;

  void add(Filter by, Verdict.Rejected verdict) {
    verdict.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
    cures.addAll(by.curedBy());
    local &= by.local();
  }

  /** The sentence of Kubernetes' FitError; it sorts the counted reasons as strings. */
  Placement.Nowhere sum(int nodes) {
    if (nodes == 0) {
      return new Placement.Nowhere("no nodes available to schedule pods", new Cure(cures, true));
    }
    List<String> counted = new ArrayList<>();
    reasons.forEach((reason, count) -> counted.add(count + " " + reason));
    counted.sort(null);
    return new Placement.Nowhere(
        "0/" + nodes + " nodes are available: " + String.join(", ", counted) + ".",
        new Cure(cures, local));
  }
}
