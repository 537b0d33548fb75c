package minik8s.apiserver.schema;

/**
 * Group, version and kind of a document. Immutable.
 *
 * @param group the API group, empty for the core group
 * @param version the version inside the group, such as {@code v1}
 * @param kind the kind, such as {@code Deployment}
 */
public record Gvk(String group, String version, String kind) {

  /** Splits an {@code apiVersion} such as {@code v1} or {@code apps/v1}. */
  public static Gvk of(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new Gvk("", apiVersion, kind)
        : new Gvk(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
  }

  /** The {@code apiVersion} as documents carry it. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** As Kubernetes prints it in messages: {@code apps/v1, Kind=Deployment}. */
  @Override
  public String toString() {
    return apiVersion() + ", Kind=" + kind;
  }
}
