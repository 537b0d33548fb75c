package minik8s.controller.pods;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;
import static java.util.Comparator.reverseOrder;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import minik8s.api.Pod;

/**
 * Which pods go first when there are too many: those whose loss costs least. Pure.
 *
 * <p>Source: Kubernetes' {@code ActivePodsWithRanks}.
 */
public final class DeletionOrder {
  private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

  private DeletionOrder() {}

  /**
   * The pods, first to go first.
   *
   * @param related all pods of the same owner, whose crowding on nodes counts
   */
  public static List<Pod> sorted(Collection<Pod> pods, Collection<Pod> related) {
    Map<String, Long> perNode =
        related.stream()
            .filter(Pod::active)
            .filter(Pod::bound)
            .collect(Collectors.groupingBy(pod -> pod.spec().nodeName(), Collectors.counting()));
    Comparator<Pod> crowdedFirst =
        comparing((Pod pod) -> perNode.getOrDefault(pod.spec().nodeName(), 0L), reverseOrder());
    Comparator<Pod> order =
        comparing(Pod::bound)
            .thenComparingInt(DeletionOrder::phase)
            .thenComparing(Pod::ready)
            .thenComparingInt(DeletionOrder::cost)
            .thenComparing(crowdedFirst)
            .thenComparing(DeletionOrder::readySince, reverseOrder())
            .thenComparing(comparingInt(DeletionOrder::restarts).reversed())
            .thenComparing(
                pod -> pod.metadata().creationTimestamp(),
                nullsLast(Comparator.<Instant>naturalOrder()).reversed())
            .thenComparing(pod -> pod.metadata().name(), naturalOrder());
    return pods.stream().sorted(order).toList();
  }

  private static int phase(Pod pod) {
    return switch (pod.status().phase()) {
      case "Unknown" -> 1;
      case "Running" -> 2;
      default -> 0;
    };
  }

  private static int cost(Pod pod) {
    try {
      return Integer.parseInt(pod.metadata().annotations().getOrDefault(COST, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Instant readySince(Pod pod) {
    return Readiness.since(pod).orElse(Instant.MAX);
  }

  private static int restarts(Pod pod) {
    return pod.status().containerStatuses().stream()
        .mapToInt(container -> container.restartCount())
        .max()
        .orElse(0);
  }
}
