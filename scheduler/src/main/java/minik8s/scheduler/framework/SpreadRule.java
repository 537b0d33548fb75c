package minik8s.scheduler.framework;

import minik8s.api.LabelSelector;
import minik8s.api.Pod;
import minik8s.api.PodSpec;
import org.jspecify.annotations.Nullable;

/**
 * One topology spread constraint with what its pod filled in. Immutable.
 *
 * @param minDomains while there are fewer, the emptiest counts as empty
 * @param required whether it keeps pods off nodes; else it only rates nodes
 * @param selector which pods are counted; null for none, or, by owner, for the pod's siblings
 * @param byOwner whether the pods of the same controller are counted instead of a selector's
 * @param honorAffinity whether only nodes count that the pod's node affinity allows
 * @param honorTaints whether only nodes count whose taints the pod tolerates
 */
public record SpreadRule(
    String topologyKey,
    int maxSkew,
    int minDomains,
    boolean required,
    @Nullable LabelSelector selector,
    boolean byOwner,
    boolean honorAffinity,
    boolean honorTaints) {
  /** A constraint of the pod itself. */
  static SpreadRule of(PodSpec.TopologySpread spread, Pod pod) {
    LabelSelector selector = spread.labelSelector();
    if (selector != null) {
      selector = PodTerm.narrowed(selector, spread.matchLabelKeys(), pod.metadata().labels(), "In");
    }
    Integer minDomains = spread.minDomains();
    return new SpreadRule(
        spread.topologyKey(),
        spread.maxSkew(),
        minDomains == null ? 1 : minDomains,
        !spread.whenUnsatisfiable().equals("ScheduleAnyway"),
        selector,
        false,
        !spread.nodeAffinityPolicy().equals("Ignore"),
        spread.nodeTaintsPolicy().equals("Honor"));
  }

  /** A constraint of the profile, for pods that have none. */
  public static SpreadRule byOwner(String topologyKey, int maxSkew, boolean required) {
    return new SpreadRule(topologyKey, maxSkew, 1, required, null, true, true, false);
  }

  /** Whether a pod counts, as far as its labels and owner say. */
  public boolean counts(PodView other, PodView self) {
    if (!other.namespace().equals(self.namespace())) {
      return false;
    }
    LabelSelector wanted = selector;
    return byOwner
        ? other.owner().equals(self.owner())
        : wanted != null && wanted.matches(other.pod().metadata().labels());
  }

  /** Shows where the pods that count are. */
  public void tallies(
      PodView pod, ClusterSnapshot cluster, java.util.function.Consumer<Tally> visitor) {
    LabelSelector wanted = selector;
    if (byOwner) {
      visitor.accept(cluster.ownedBy(pod.owner()));
    } else if (wanted != null) {
      cluster.crowds(
          wanted,
          crowd -> {
            if (!crowd.leaving() && crowd.namespace().equals(pod.namespace())) {
              visitor.accept(crowd.perNode());
            }
          });
    }
  }
}
