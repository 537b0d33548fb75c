package minik8s.controller.deployment;

import java.util.Map;
import minik8s.api.ReplicaSet;

/** One thing to do for a deployment. Immutable. */
sealed interface Action {
  /** Make the set of the deployment's present template. */
  record CreateSet(String name, String hash, int replicas, Map<String, String> annotations)
      implements Action {}

  /** Bring annotations and readiness time of the current set up to date. */
  record MarkSet(ReplicaSet set, Map<String, String> annotations, int minReadySeconds)
      implements Action {}

  /** Change how many pods a set shall have; {@code to} may be the present number. */
  record ScaleSet(ReplicaSet set, int to, Map<String, String> annotations) implements Action {}

  /** Forget an old, empty set. */
  record DeleteSet(ReplicaSet set) implements Action {}

  /** Write the current revision on the deployment. */
  record SetRevision(long revision) implements Action {}
}
