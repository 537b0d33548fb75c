package minik8s.apiserver.schema;

import org.jspecify.annotations.Nullable;

/** What to do about unknown and duplicate fields: the {@code fieldValidation} query parameter. */
public enum FieldValidation {
  IGNORE,
  WARN,
  STRICT;

  /** Reads the query parameter; absent or empty means {@link #WARN}, anything unknown is empty. */
  public static java.util.Optional<FieldValidation> parse(@Nullable String parameter) {
    if (parameter == null || parameter.isEmpty()) {
      return java.util.Optional.of(WARN);
    }
    return switch (parameter) {
      case "Ignore" -> java.util.Optional.of(IGNORE);
      case "Warn" -> java.util.Optional.of(WARN);
      case "Strict" -> java.util.Optional.of(STRICT);
      default -> java.util.Optional.empty();
    };
  }
}
