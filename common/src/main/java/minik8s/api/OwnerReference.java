package minik8s.api;

/** A reference from a dependent to its owner; identity is the uid, never the name alone. */
public record OwnerReference(
    String apiVersion,
    String kind,
    String name,
    String uid,
    boolean controller,
    boolean blockOwnerDeletion) {
  public OwnerReference {
    apiVersion = Lists.of(apiVersion);
    kind = Lists.of(kind);
    name = Lists.of(name);
    uid = Lists.of(uid);
  }

  /** The reference of a controller that blocks the owner's foreground deletion. */
  public static OwnerReference controller(Resource<?> resource, KubeObject owner) {
    return new OwnerReference(
        resource.apiVersion(), resource.kind(), owner.metadata().name(), owner.uid(), true, true);
  }
}
