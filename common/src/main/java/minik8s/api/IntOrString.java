package minik8s.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A number, a percentage such as {@code 25%}, or a name. Immutable. */
public sealed interface IntOrString {
  /** A plain number. */
  record Int(@JsonValue int value) implements IntOrString {}

  /** A percentage or a port name. */
  record Text(@JsonValue String value) implements IntOrString {}

  /** Reads both JSON forms. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static IntOrString of(Object value) {
    return value instanceof Number number
        ? new Int(number.intValue())
        : new Text(String.valueOf(value));
  }

  /**
   * This number, or this percentage of {@code total}.
   *
   * @throws IllegalArgumentException when the text is no percentage
   */
  default int scaled(int total, boolean roundUp) {
    return switch (this) {
      case Int number -> number.value();
      case Text text -> percentOf(text.value(), total, roundUp);
    };
  }

  private static int percentOf(String text, int total, boolean roundUp) {
    try {
      if (text.endsWith("%")) {
        long percent = Long.parseLong(text.substring(0, text.length() - 1));
        long product = percent * total;
        return Math.toIntExact(roundUp ? Math.ceilDiv(product, 100L) : product / 100);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a percentage", e);
    }
    throw new IllegalArgumentException("\"" + text + "\" is not a percentage");
  }
}
