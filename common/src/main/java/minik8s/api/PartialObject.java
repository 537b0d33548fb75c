package minik8s.api;

/** Just the metadata of an object of any kind; what generic controllers watch. Immutable. */
public record PartialObject(String apiVersion, String kind, ObjectMeta metadata)
    implements KubeObject {
  public PartialObject {
    apiVersion = Lists.of(apiVersion);
    kind = Lists.of(kind);
  }
}
