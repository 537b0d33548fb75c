package minik8s.kubelet.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;

/**
 * Which ended containers have to go. Pure. Source: Kubernetes' {@code kuberuntime_gc.go}. The
 * newest run of a container of a pod that goes on always stays: its end decides what comes next.
 */
public final class ContainerGcPlan {
  /**
   * What flags say; a negative number is no limit.
   *
   * @param perContainer ended runs that are kept of each container
   * @param total ended containers that are kept on the node
   * @param minimumAge containers that ended later stay
   */
  public record Rules(int perContainer, int total, Duration minimumAge) {
    /** Everything that may go. */
    static final Rules ALL = new Rules(0, 0, Duration.ZERO);
  }

  private record Key(String uid, String name) {}

  private ContainerGcPlan() {}

  /**
   * The containers to remove.
   *
   * @param goingOn uids of pods that have not ended
   */
  public static List<ObservedContainer> removals(
      Collection<ObservedContainer> containers, Set<String> goingOn, Rules rules, Instant now) {
    Map<Key, List<ObservedContainer>> runs = new HashMap<>();
    containers.stream()
        .filter(c -> !c.sandbox())
        .sorted(Comparator.comparingInt(ObservedContainer::attempt).reversed())
        .forEach(c ->
            runs.computeIfAbsent(new Key(c.pod().uid(), c.name()), _ -> new ArrayList<>()).add(c));
    List<ObservedContainer> removals = new ArrayList<>();
    List<ObservedContainer> kept = new ArrayList<>();
    runs.forEach((key, all) -> {
      int dead = 0;
      for (ObservedContainer run : all) {
        boolean needed = run.id().equals(all.getFirst().id()) && goingOn.contains(key.uid());
        if (needed || !old(run, rules.minimumAge(), now)) {
          continue;
        }
        dead++;
        (rules.perContainer() >= 0 && dead > rules.perContainer() ? removals : kept).add(run);
      }
    });
    if (rules.total() >= 0 && kept.size() > rules.total()) {
      kept.sort(Comparator.comparing(ContainerGcPlan::ended).thenComparing(ObservedContainer::id));
      removals.addAll(kept.subList(0, kept.size() - rules.total()));
    }
    return removals;
  }

  private static boolean old(ObservedContainer run, Duration age, Instant now) {
    return run.exited() && !ended(run).plus(age).isAfter(now);
  }

  private static Instant ended(ObservedContainer run) {
    return run.state() instanceof State.Exited exited ? exited.finishedAt() : Instant.MAX;
  }
}
