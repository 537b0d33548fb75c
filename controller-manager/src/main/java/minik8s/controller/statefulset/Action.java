package minik8s.controller.statefulset;

import java.util.List;
import minik8s.api.ControllerRevision;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import tools.jackson.databind.node.ObjectNode;

/** One thing to do for a stateful set. Immutable. */
sealed interface Action {
  /** Make a claim of a pod. */
  record CreateClaim(String name, int ordinal) implements Action {}

  /** Make the pod of a number. */
  record Create(int ordinal, ControllerRevision revision) implements Action {}

  /** Delete a pod. */
  record Delete(Pod pod, Cause cause) implements Action {}

  /** Say on a pod which one it is; for pods that were adopted. */
  record Identify(Pod pod) implements Action {}

  /** Change who takes a claim with them when they go. */
  record SetOwners(PersistentVolumeClaim claim, List<ObjectNode> owners) implements Action {}

  /** Why a pod is deleted. */
  enum Cause {
    /** It is too many or old. */
    UNWANTED,
    /** It failed; another one of its name shall try. */
    FAILED,
    /** It ended well, which it should not. */
    SUCCEEDED
  }
}
