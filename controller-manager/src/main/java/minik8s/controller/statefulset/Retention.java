package minik8s.controller.statefulset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import minik8s.api.OwnerReference;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.StatefulSet;
import minik8s.api.codec.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who owns a claim, and so takes it with them when they go: the garbage collector does the rest.
 * Pure.
 */
final class Retention {
  private final boolean whenDeleted;
  private final boolean whenScaled;

  private Retention(boolean whenDeleted, boolean whenScaled) {
    this.whenDeleted = whenDeleted;
    this.whenScaled = whenScaled;
  }

  static Retention of(StatefulSet set) {
    StatefulSet.Retention policy = set.spec().persistentVolumeClaimRetentionPolicy();
    return policy == null
        ? new Retention(false, false)
        : new Retention(
            policy.whenDeleted().equals("Delete"), policy.whenScaled().equals("Delete"));
  }

  /**
   * The owners that the claim should have; empty when it has them.
   *
   * @param pod the pod of the claim
   */
  Optional<List<ObjectNode>> change(
      StatefulSet set, PersistentVolumeClaim claim, Pod pod, boolean condemned) {
    boolean byPod = whenScaled && condemned;
    boolean bySet = whenDeleted && !byPod;
    List<OwnerReference> owners = new ArrayList<>();
    for (OwnerReference owner : claim.metadata().ownerReferences()) {
      boolean ours = owner.uid().equals(set.uid()) || podOf(owner, pod);
      if (!ours) {
        owners.add(owner);
      }
    }
    if (bySet) {
      owners.add(OwnerReference.controller(Resources.STATEFUL_SETS, set));
    }
    if (byPod) {
      owners.add(OwnerReference.controller(Resources.PODS, pod));
    }
    return owners.equals(claim.metadata().ownerReferences())
        ? Optional.empty()
        : Optional.of(owners.stream().map(Json::tree).toList());
  }

  /** Whether the reference is to a pod of this name, a former one with another uid included. */
  private static boolean podOf(OwnerReference owner, Pod pod) {
    return owner.kind().equals("Pod") && owner.name().equals(pod.metadata().name());
  }
}
