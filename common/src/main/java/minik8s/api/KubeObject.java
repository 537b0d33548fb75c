package minik8s.api;

/** Anything with Kubernetes metadata. Implementations are immutable records. */
public interface KubeObject {
  /** Name, namespace, labels, owners and revision of this object. */
  ObjectMeta metadata();

  /** Where this object lives: its namespace (empty for cluster-scoped kinds) and name. */
  default ObjectKey key() {
    return new ObjectKey(metadata().namespace(), metadata().name());
  }

  /** The uid that the API server gave to this object; empty before creation. */
  default String uid() {
    return metadata().uid();
  }
}
