package minik8s.api;

/** A pointer to an object, as events carry it. Immutable. */
public record ObjectReference(
    String apiVersion,
    String kind,
    String namespace,
    String name,
    String uid,
    String resourceVersion,
    String fieldPath) {
  public ObjectReference {
    apiVersion = Lists.of(apiVersion);
    kind = Lists.of(kind);
    namespace = Lists.of(namespace);
    name = Lists.of(name);
    uid = Lists.of(uid);
    resourceVersion = Lists.of(resourceVersion);
    fieldPath = Lists.of(fieldPath);
  }

  /** Points at {@code object}, optionally at a part of it such as {@code spec.containers{web}}. */
  public static ObjectReference to(Resource<?> resource, KubeObject object, String fieldPath) {
    ObjectMeta meta = object.metadata();
    return new ObjectReference(
        resource.apiVersion(),
        resource.kind(),
        meta.namespace(),
        meta.name(),
        meta.uid(),
        meta.resourceVersion(),
        fieldPath);
  }
}
