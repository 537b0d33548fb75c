package minik8s.scheduler.framework;

import java.util.List;

/**
 * The rules by which one scheduler name places pods. Immutable.
 *
 * @param schedulerName pods that name it are ours
 * @param filters asked in this order; the first that rejects a node gives the reason
 */
public record Profile(String schedulerName, List<Filter> filters, List<Weighted> scores) {
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
  public static int feasibleEnough(int nodes) {
    if (nodes <= MIN_FEASIBLE) {
      return nodes;
    }
    int percent = Math.max(MIN_PERCENT, 50 - nodes / 125);
    return Math.max(MIN_FEASIBLE, nodes * percent / 100);
  }
}
