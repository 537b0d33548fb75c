package minik8s.scheduler.plugins;

import java.util.List;
import minik8s.scheduler.framework.Amounts;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Score;

/**
 * How the use of a node's resources becomes a rating. Immutable. Source: Kubernetes' {@code
 * NodeResourcesFitArgs.scoringStrategy}.
 *
 * @param resources what is weighed; an extended resource only for pods that ask for it
 * @param shape for {@link Type#REQUESTED_TO_CAPACITY_RATIO}, by rising utilization
 */
public record ScoringStrategy(Type type, List<Resource> resources, List<Point> shape) {
  /** cpu and memory, alike. */
  public static final List<Resource> CPU_AND_MEMORY =
      List.of(new Resource("cpu", 1), new Resource("memory", 1));

  /** The more is left the better. */
  public static final ScoringStrategy LEAST_ALLOCATED =
      new ScoringStrategy(Type.LEAST_ALLOCATED, CPU_AND_MEMORY, List.of());

  /** A score per unit of shape is worth this much of {@link Score#MAX}. */
  private static final long SHAPE_UNIT = 10;

  /** What counts as good. */
  public enum Type {
    LEAST_ALLOCATED,
    MOST_ALLOCATED,
    REQUESTED_TO_CAPACITY_RATIO
  }

  /** A resource by name and how much it counts. */
  public record Resource(String name, int weight) {}

  /**
   * A corner of the curve.
   *
   * @param utilization percent
   * @param score from 0 to 10
   */
  public record Point(int utilization, int score) {}

  public ScoringStrategy {
    resources = List.copyOf(resources);
    shape = List.copyOf(shape);
  }

  /** The rating of a node for one pod, from 0 to {@link Score#MAX}. */
  long rate(PodView pod, NodeView node) {
    long sum = 0;
    long weights = 0;
    for (Resource resource : resources) {
      long asked = pod.requests().of(resource.name());
      long all = node.allocatable().of(resource.name());
      if (all <= 0 || (asked == 0 && Amounts.isExtended(resource.name()))) {
        continue;
      }
      long rating = rate(used(resource.name(), pod, node, asked), all);
      if (rating > 0 || type != Type.REQUESTED_TO_CAPACITY_RATIO) {
        sum += rating * resource.weight();
        weights += resource.weight();
      }
    }
    if (weights == 0) {
      return 0;
    }
    return type == Type.REQUESTED_TO_CAPACITY_RATIO
        ? Math.round((double) sum / weights)
        : sum / weights;
  }

  private static long used(String name, PodView pod, NodeView node, long asked) {
    return switch (name) {
      case "cpu" -> node.weighedCpu() + pod.weighedCpu();
      case "memory" -> node.weighedMemory() + pod.weighedMemory();
      default -> node.requested().of(name) + asked;
    };
  }

  private long rate(long used, long all) {
    return switch (type) {
      case LEAST_ALLOCATED -> used > all ? 0 : (long) ((double) (all - used) * Score.MAX / all);
      case MOST_ALLOCATED -> (long) ((double) Math.min(used, all) * Score.MAX / all);
      case REQUESTED_TO_CAPACITY_RATIO ->
          onCurve(used > all ? 100 : (long) ((double) used * 100 / all));
    };
  }

  private long onCurve(long utilization) {
    for (int i = 0; i < shape.size(); i++) {
      Point here = shape.get(i);
      if (utilization <= here.utilization()) {
        if (i == 0) {
          return here.score() * SHAPE_UNIT;
        }
        Point before = shape.get(i - 1);
        return SHAPE_UNIT * before.score()
            + SHAPE_UNIT
                * (here.score() - before.score())
                * (utilization - before.utilization())
                / (here.utilization() - before.utilization());
      }
    }
    return shape.isEmpty() ? 0 : shape.getLast().score() * SHAPE_UNIT;
  }
}
