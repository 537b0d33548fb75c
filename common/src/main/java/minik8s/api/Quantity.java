package minik8s.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A Kubernetes resource amount, such as {@code 250m}, {@code 1.5}, {@code 64Mi} or {@code 2e3}.
 * Immutable; equal when the text is equal (compare amounts with {@link #compareAmount}).
 *
 * <p>Source of the grammar: Kubernetes' {@code resource.Quantity}.
 */
public record Quantity(@JsonValue String text) {
  /** Zero of any resource. */
  public static final Quantity ZERO = new Quantity("0");

  /** Reads JSON strings and JSON numbers alike. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Quantity of(Object value) {
    return new Quantity(String.valueOf(value).trim());
  }

  public static Quantity ofMilli(long milli) {
    return new Quantity(milli % 1000 == 0 ? Long.toString(milli / 1000) : milli + "m");
  }

  /** Bytes, written in Ki when that is exact. */
  public static Quantity ofBytes(long bytes) {
    return new Quantity(
        bytes % 1024 == 0 && bytes != 0 ? bytes / 1024 + "Ki" : Long.toString(bytes));
  }

  /** The amount in units (bytes, cores), rounded up. */
  public long value() {
    return amount().setScale(0, RoundingMode.CEILING).longValue();
  }

  /** The amount in thousandths (millicores), rounded up. */
  public long milliValue() {
    return amount().movePointRight(3).setScale(0, RoundingMode.CEILING).longValue();
  }

  public int compareAmount(Quantity other) {
    return amount().compareTo(other.amount());
  }

  /**
   * The exact amount.
   *
   * @throws IllegalArgumentException when the text is no quantity
   */
  public BigDecimal amount() {
    int end = text.length();
    while (end > 0 && !isNumeric(text.charAt(end - 1))) {
      end--;
    }
    String number = text.substring(0, end);
    String suffix = text.substring(end);
    try {
      if (suffix.isEmpty() || end == 0) {
        return new BigDecimal(number);
      }
      return new BigDecimal(number).multiply(multiplier(suffix));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a quantity", e);
    }
  }

  private static boolean isNumeric(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private BigDecimal multiplier(String suffix) {
    return switch (suffix) {
      case "n" -> BigDecimal.ONE.movePointLeft(9);
      case "u" -> BigDecimal.ONE.movePointLeft(6);
      case "m" -> BigDecimal.ONE.movePointLeft(3);
      case "k" -> BigDecimal.TEN.pow(3);
      case "M" -> BigDecimal.TEN.pow(6);
      case "G" -> BigDecimal.TEN.pow(9);
      case "T" -> BigDecimal.TEN.pow(12);
      case "P" -> BigDecimal.TEN.pow(15);
      case "E" -> BigDecimal.TEN.pow(18);
      case "Ki" -> binary(10);
      case "Mi" -> binary(20);
      case "Gi" -> binary(30);
      case "Ti" -> binary(40);
      case "Pi" -> binary(50);
      case "Ei" -> binary(60);
      default -> throw new IllegalArgumentException("\"" + text + "\" is not a quantity");
    };
  }

  private static BigDecimal binary(int power) {
    return BigDecimal.valueOf(1L << power);
  }

  @Override
  public String toString() {
    return text;
  }
}
