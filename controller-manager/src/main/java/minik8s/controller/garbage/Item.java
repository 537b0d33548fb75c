package minik8s.controller.garbage;

import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.OwnerReference;
import minik8s.api.Resource;

/** One object in the graph of owners: where it is served and its metadata. Immutable. */
record Item(Resource<?> resource, ObjectMeta meta) {
  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  String uid() {
    return meta.uid();
  }

  ObjectKey key() {
    return new ObjectKey(meta.namespace(), meta.name());
  }

  /** Whether it waits for its dependents to be gone first. */
  boolean deletingDependents() {
    return meta.deleting() && meta.finalizers().contains(FOREGROUND);
  }

  /** Whether its dependents shall be let go before it goes. */
  boolean orphaning() {
    return meta.deleting() && meta.finalizers().contains(ORPHAN);
  }

  /** Whether it keeps that owner from going in the foreground. */
  boolean blocks(String ownerUid) {
    return meta.ownerReferences().stream()
        .filter(ref -> ref.uid().equals(ownerUid))
        .anyMatch(OwnerReference::blockOwnerDeletion);
  }
}
