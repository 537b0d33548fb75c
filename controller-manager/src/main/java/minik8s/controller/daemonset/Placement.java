package minik8s.controller.daemonset;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minik8s.api.DaemonSet;
import minik8s.api.Node;
import minik8s.api.PodSpec;
import minik8s.api.PodSpec.Toleration;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;

/**
 * On which nodes a set's pods belong. Immutable; made once for a look at all nodes.
 *
 * <p>Source: Kubernetes' {@code NodeShouldRunDaemonPod}: only name, labels and taints count. Where
 * a node is short of something the pod is made all the same and waits.
 */
final class Placement {
  /** What a node means to a set. */
  enum Verdict {
    /** It shall have a pod. */
    RUN,
    /** A pod that is there may stay, but none is made. */
    STAY,
    /** A pod that is there has to go. */
    LEAVE
  }

  private static final Set<String> REPELLING = Set.of("NoSchedule", "NoExecute");

  private final PodSpec spec;
  private final List<Toleration> tolerations;

  private Placement(PodSpec spec) {
    this.spec = spec;
    this.tolerations = new ArrayList<>(spec.tolerations());
    tolerations.addAll(added(spec.hostNetwork()));
  }

  static Placement of(DaemonSet set) {
    JsonNode spec = set.spec().template().node().path("spec");
    return new Placement(Json.read(spec.isObject() ? spec : Json.object(), PodSpec.class));
  }

  /** What every daemon endures beyond its own tolerations. */
  static List<Toleration> added(boolean hostNetwork) {
    List<Toleration> added = new ArrayList<>();
    added.add(exists("not-ready", "NoExecute"));
    added.add(exists("unreachable", "NoExecute"));
    added.add(exists("disk-pressure", "NoSchedule"));
    added.add(exists("memory-pressure", "NoSchedule"));
    added.add(exists("pid-pressure", "NoSchedule"));
    added.add(exists("unschedulable", "NoSchedule"));
    if (hostNetwork) {
      added.add(exists("network-unavailable", "NoSchedule"));
    }
    return added;
  }

  private static Toleration exists(String taint, String effect) {
    return new Toleration("node.kubernetes.io/" + taint, "Exists", "", effect, null);
  }

  Verdict on(Node node) {
    if (!named(node) || !labelled(node)) {
      return Verdict.LEAVE;
    }
    if (repelled(node, Set.of("NoExecute"))) {
      return Verdict.LEAVE;
    }
    return repelled(node, REPELLING) ? Verdict.STAY : Verdict.RUN;
  }

  private boolean named(Node node) {
    return spec.nodeName().isEmpty() || spec.nodeName().equals(node.metadata().name());
  }

  private boolean labelled(Node node) {
    if (!node.metadata().labels().entrySet().containsAll(spec.nodeSelector().entrySet())) {
      return false;
    }
    PodSpec.Affinity affinity = spec.affinity();
    PodSpec.NodeAffinity nodes = affinity == null ? null : affinity.nodeAffinity();
    PodSpec.NodeSelector required =
        nodes == null ? null : nodes.requiredDuringSchedulingIgnoredDuringExecution();
    return required == null
        || required.nodeSelectorTerms().stream().anyMatch(term -> term.matches(node));
  }

  private boolean repelled(Node node, Set<String> effects) {
    return node.spec().taints().stream()
        .filter(taint -> effects.contains(taint.effect()))
        .anyMatch(taint -> tolerations.stream().noneMatch(t -> t.tolerates(taint)));
  }
}
