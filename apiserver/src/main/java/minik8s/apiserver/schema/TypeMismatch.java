package minik8s.apiserver.schema;

/**
 * A value of the wrong type in a document; the message is Kubernetes' own text, such as {@code
 * json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32}.
 */
public final class TypeMismatch extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TypeMismatch(String message) {
    super(message, null, false, false);
  }
}
