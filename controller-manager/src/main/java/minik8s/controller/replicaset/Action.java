package minik8s.controller.replicaset;

import minik8s.api.Pod;

/** One thing to do for a replica set. Immutable. */
sealed interface Action {
  /** Make the pod of a slot. */
  record Create(String name) implements Action {}

  /** Delete a pod that is too many. */
  record Delete(Pod pod) implements Action {}
}
