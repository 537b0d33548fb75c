package minik8s.controller.tainteviction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import minik8s.api.Node;
import minik8s.api.Node.Taint;
import minik8s.api.Pod;
import minik8s.api.PodSpec.Toleration;

/** Decides when a pod has to leave its node. Pure. */
final class EvictionPlan {
  private EvictionPlan() {}

  /** Whether and when. */
  sealed interface Verdict {
    /** The pod may stay for ever. */
    record Stay() implements Verdict {}

    /** The pod must leave at this moment, or has to have left. */
    record Leave(Instant at) implements Verdict {}
  }

  static final Verdict STAY = new Verdict.Stay();

  /**
   * The verdict for a pod on a node.
   *
   * @param since when the pod was first seen on the tainted node; counts for taints without a time
   */
  static Verdict of(Pod pod, Node node, Instant since) {
    Optional<Instant> leave =
        evicting(node).stream()
            .flatMap(taint -> leaveAt(pod, taint, since).stream())
            .min(Instant::compareTo);
    return leave.map(at -> (Verdict) new Verdict.Leave(at)).orElse(STAY);
  }

  /** The node's taints that drive pods out. */
  static List<Taint> evicting(Node node) {
    return node.spec().taints().stream()
        .filter(taint -> taint.effect().equals("NoExecute"))
        .toList();
  }

  /** When this taint drives the pod out; empty when it is tolerated for ever. */
  private static Optional<Instant> leaveAt(Pod pod, Taint taint, Instant since) {
    Instant begin = taint.timeAdded() == null ? since : taint.timeAdded();
    List<Toleration> tolerations =
        pod.spec().tolerations().stream().filter(t -> t.tolerates(taint)).toList();
    if (tolerations.isEmpty()) {
      return Optional.of(begin);
    }
    return tolerations.stream()
        .map(Toleration::tolerationSeconds)
        .filter(seconds -> seconds != null)
        .min(Long::compare)
        .map(seconds -> begin.plusSeconds(Math.max(0, seconds)));
  }
}
