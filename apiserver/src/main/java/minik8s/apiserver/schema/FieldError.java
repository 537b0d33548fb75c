package minik8s.apiserver.schema;

/**
 * One field that is wrong, as it appears among the causes of an Invalid status. Immutable.
 *
 * @param reason the cause, such as {@code FieldValueInvalid}
 * @param message such as {@code Invalid value: "x": must be …}
 * @param field the path, such as {@code spec.replicas}
 */
public record FieldError(String reason, String message, String field) {
  @Override
  public String toString() {
    return field + ": " + message;
  }
}
