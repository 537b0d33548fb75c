package minik8s.scheduler.framework;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A preference among nodes that all will do. Stateless and pure. */
public interface Score {
  /** The most that a node gets from one plugin, before its weight. */
  long MAX = 100;

  /** The plugin's name in Kubernetes. */
  String name();

  /**
   * How to rate nodes for this pod; null when all are alike.
   *
   * @param feasible the nodes that will be rated, valid during this decision
   */
  @Nullable Scorer prepareScore(PodView pod, ClusterSnapshot cluster, List<NodeView> feasible);

  /** Rates nodes for one pod. */
  @FunctionalInterface
  interface Scorer {
    /** A raw rating; from 0 to {@link Score#MAX} unless {@link #normalize} brings it there. */
    long score(NodeView node);

    /** Brings the first {@code count} raw ratings to the range 0 to {@link Score#MAX}. */
    default void normalize(long[] scores, int count) {}
  }

  /** A scorer whose largest raw rating becomes {@link #MAX} and the others in proportion. */
  static Scorer proportional(Scorer raw) {
    return scaled(raw, false);
  }

  /** A scorer of costs: nothing becomes {@link #MAX} and the largest cost 0. */
  static Scorer inverted(Scorer raw) {
    return scaled(raw, true);
  }

  private static Scorer scaled(Scorer raw, boolean invert) {
    return new Scorer() {
      @Override
      public long score(NodeView node) {
        return raw.score(node);
      }

      @Override
      public void normalize(long[] scores, int count) {
        long largest = 0;
        for (int i = 0; i < count; i++) {
          largest = Math.max(largest, scores[i]);
        }
        for (int i = 0; i < count; i++) {
          long part = largest == 0 ? 0 : scores[i] * MAX / largest;
          scores[i] = invert ? MAX - part : part;
        }
      }
    };
  }
}
