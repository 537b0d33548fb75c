package minik8s.controller.daemonset;

import minik8s.api.Pod;

/** One thing to do for a daemon set. Immutable. */
sealed interface Action {
  /** Make the pod of a node. */
  record Create(String name, String node) implements Action {}

  /** Delete a pod. */
  record Delete(Pod pod, Cause cause) implements Action {}

  /** Why a pod is deleted. */
  enum Cause {
    /** The node does not want it, has two, or it is old. */
    UNWANTED,
    /** It failed; another one shall try. */
    FAILED,
    /** It ended well, which daemons should not. */
    SUCCEEDED
  }
}
