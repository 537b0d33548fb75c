package minik8s.apiserver.admission;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import minik8s.api.Failure;
import tools.jackson.databind.JsonNode;

/**
 * One field that is wrong; prints as {@code spec.containers[0].image: Required value}. Immutable.
 *
 * <p>Source of the texts: apimachinery's {@code util/validation/field}.
 *
 * @param field the path, such as {@code spec.containers[0].image}
 * @param reason the cause, such as {@code FieldValueRequired}
 * @param message such as {@code Required value}
 */
public record FieldError(String field, String reason, String message) {
  @Override
  public String toString() {
    return field.isEmpty() ? message : field + ": " + message;
  }

  /** As it travels in a Status. */
  public Failure.Cause cause() {
    return new Failure.Cause(reason, message, field);
  }

  /** All of them as they travel in a Status. */
  public static List<Failure.Cause> causes(Collection<FieldError> errors) {
    return errors.stream().map(FieldError::cause).toList();
  }

  static FieldError required(Path path, String detail) {
    return of(path, "FieldValueRequired", "Required value", detail);
  }

  static FieldError required(Path path) {
    return required(path, "");
  }

  /** A value of any JSON type: strings are quoted, structures printed as JSON. */
  static FieldError invalid(Path path, JsonNode value, String detail) {
    return of(path, "FieldValueInvalid", "Invalid value: " + print(value), detail);
  }

  static FieldError invalid(Path path, String value, String detail) {
    return of(path, "FieldValueInvalid", "Invalid value: " + quote(value), detail);
  }

  static FieldError invalid(Path path, long value, String detail) {
    return of(path, "FieldValueInvalid", "Invalid value: " + value, detail);
  }

  /** A structure that is wrong as a whole and not worth printing. */
  static FieldError invalid(Path path, String detail) {
    return of(path, "FieldValueInvalid", "Invalid value", detail);
  }

  static FieldError immutable(Path path, JsonNode value) {
    return invalid(path, value, "field is immutable");
  }

  static FieldError duplicate(Path path, String value) {
    return of(path, "FieldValueDuplicate", "Duplicate value: " + quote(value), "");
  }

  static FieldError duplicate(Path path, JsonNode value) {
    return of(path, "FieldValueDuplicate", "Duplicate value: " + print(value), "");
  }

  static FieldError notFound(Path path, String value) {
    return of(path, "FieldValueNotFound", "Not found: " + quote(value), "");
  }

  static FieldError notSupported(Path path, String value, Collection<String> supported) {
    String choices =
        supported.stream().sorted().map(FieldError::quote).collect(Collectors.joining(", "));
    return of(
        path,
        "FieldValueNotSupported",
        "Unsupported value: " + quote(value),
        choices.isEmpty() ? "" : "supported values: " + choices);
  }

  static FieldError forbidden(Path path, String detail) {
    return of(path, "FieldValueForbidden", "Forbidden", detail);
  }

  static FieldError tooLong(Path path, int limit) {
    return of(path, "FieldValueTooLong", "Too long", "may not be more than " + limit + " bytes");
  }

  static FieldError tooMany(Path path, int actual, int limit) {
    return of(
        path,
        "FieldValueTooMany",
        "Too many: " + actual,
        "must have at most " + limit + (limit == 1 ? " item" : " items"));
  }

  private static FieldError of(Path path, String reason, String head, String detail) {
    return new FieldError(path.toString(), reason, detail.isEmpty() ? head : head + ": " + detail);
  }

  private static String print(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "null";
    }
    return value.isString() ? quote(value.asString()) : value.toString();
  }

  /** A string as Go's {@code %q} prints it. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            out.append("\\x%02x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
