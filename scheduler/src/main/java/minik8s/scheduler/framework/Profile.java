package minik8s.scheduler.framework;

import java.util.List;

/**
 * The rules by which one scheduler name places pods. Immutable.
 *
 * @param schedulerName pods that name it are ours
 * @param filters asked in this order; the first that rejects a node gives the reason
 * @param preempting whether pods may be displaced for more important ones
 * @param percentOfNodes when that share of the nodes is found feasible the search ends; 0 lets the
 *     size of the cluster decide
 */
public record Profile(
    String schedulerName,
    List<Filter> filters,
    List<Weighted> scores,
    boolean preempting,
    int percentOfNodes) {
  private static final int MIN_FEASIBLE = 100;
  private static final int MIN_PERCENT = 5;

  /** A score and how much it counts. */
  public record Weighted(Score score, int weight) {}

  public Profile {
    filters = List.copyOf(filters);
    scores = List.copyOf(scores);
  }

  /**
   * After how many feasible nodes the search ends: all of up to 100, half of a small cluster, 5 %
   * of a huge one, never fewer than 100. Source: Kubernetes' adaptive percentageOfNodesToScore.
   */
  public int feasibleEnough(int nodes) {
    if (nodes <= MIN_FEASIBLE) {
      return nodes;
    }
    int percent = percentOfNodes == 0 ? Math.max(MIN_PERCENT, 50 - nodes / 125) : percentOfNodes;
    return Math.clamp((long) nodes * percent / 100, MIN_FEASIBLE, nodes);
  }
}
