package minik8s.api;

/**
 * A way to run containers that pods can ask for by name. Immutable.
 *
 * @param handler the node's own name of it
 */
public record RuntimeClass(ObjectMeta metadata, String handler) implements KubeObject {
  public RuntimeClass {
    handler = Lists.of(handler);
  }
}
