package minik8s.controller.replicaset;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import minik8s.api.ObjectKey;
import minik8s.api.ReplicaSet;
import minik8s.api.ReplicationController;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;

/**
 * Where sets come from: replica sets themselves, or replication controllers, which work the same
 * way. Thread-safe, for it asks caches.
 *
 * @param kind what the API calls them
 * @param byKey the set of a name
 * @param byOwner the sets of an owner's uid
 */
public record SetSource(
    Resource<?> kind,
    Function<ObjectKey, Optional<ReplicaSet>> byKey,
    Function<String, List<ReplicaSet>> byOwner) {
  static SetSource replicaSets(Lister<ReplicaSet> sets, Index<ReplicaSet> setsByOwner) {
    return new SetSource(Resources.REPLICA_SETS, sets::get, owner -> sets.by(setsByOwner, owner));
  }

  /** Replication controllers; nothing owns them together. */
  public static SetSource controllers(Lister<ReplicationController> controllers) {
    return new SetSource(
        Resources.REPLICATION_CONTROLLERS,
        key -> controllers.get(key).map(ReplicationController::asReplicaSet),
        _ -> List.of());
  }

  Optional<ReplicaSet> get(ObjectKey key) {
    return byKey.apply(key);
  }

  List<ReplicaSet> ofOwner(String uid) {
    return byOwner.apply(uid);
  }
}
