package minik8s.api;

/**
 * One kind as clients address it: where its endpoint is and which record its documents decode into.
 * Immutable.
 *
 * @param group empty for the core group
 * @param plural the path segment, such as {@code deployments}
 * @param type the record that holds what our processes read of the kind
 */
public record Resource<T>(
    String group, String version, String plural, String kind, boolean namespaced, Class<T> type) {
  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The collection's path; an empty namespace means all namespaces. */
  public String path(String namespace) {
    String base = (group.isEmpty() ? "/api/" : "/apis/") + apiVersion();
    return namespace.isEmpty() || !namespaced
        ? base + "/" + plural
        : base + "/namespaces/" + namespace + "/" + plural;
  }

  /** The path of one object. */
  public String path(ObjectKey key) {
    return path(key.namespace()) + "/" + key.name();
  }

  /** The same endpoint decoded into another record. */
  public <U> Resource<U> as(Class<U> other) {
    return new Resource<>(group, version, plural, kind, namespaced, other);
  }
}
