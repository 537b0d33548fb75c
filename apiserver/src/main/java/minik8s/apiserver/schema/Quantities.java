package minik8s.apiserver.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Resource amounts in their canonical form, as Kubernetes stores them: {@code 0.5} becomes {@code
 * 500m}, {@code 1024Mi} becomes {@code 1Gi}. Stateless. Source: {@code resource.Quantity}.
 */
final class Quantities {
  static final String RULE =
      "quantities must match the regular expression"
          + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  private Quantities() {}

  /**
   * The canonical form.
   *
   * @throws IllegalArgumentException when the text is no quantity
   */
  static String canonical(String text) {
    int end = 0;
    while (end < text.length() && isNumeric(text.charAt(end), end)) {
      end++;
    }
    if (end == text.length() && end < 18 && plainSmall(text)) {
      return text;
    }
    String suffix = text.substring(end);
    BigDecimal number;
    try {
      number = new BigDecimal(text.substring(0, end));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(RULE, e);
    }
    int power = index(BINARY, suffix);
    if (power > 0) {
      return binary(number.multiply(KIBI.pow(power)));
    }
    int scale = index(DECIMAL, suffix);
    if (scale >= 0) {
      return decimal(number.scaleByPowerOfTen((scale - 3) * 3), false);
    }
    if (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E') {
      try {
        return decimal(number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))), true);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("unable to parse quantity's suffix", e);
      }
    }
    throw new IllegalArgumentException(
        suffix.matches("[eEinumkKMGTP]*[-+]?[0-9]*") ? "unable to parse quantity's suffix" : RULE);
  }

  /** One to three digits without a leading zero are canonical already. */
  private static boolean plainSmall(String text) {
    int length = text.length();
    if (length == 0 || length > 3 || (text.charAt(0) == '0' && length > 1)) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (!Character.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static String binary(BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    if (plain.scale() > 0 || plain.abs().compareTo(KIBI) < 0) {
      return decimal(value, false);
    }
    BigInteger whole = plain.toBigInteger();
    int power = 0;
    while (power < BINARY.length - 1 && whole.signum() != 0 && whole.getLowestSetBit() >= 10) {
      whole = whole.shiftRight(10);
      power++;
    }
    return whole + BINARY[power];
  }

  private static String decimal(BigDecimal value, boolean exponent) {
    if (value.signum() == 0) {
      return "0";
    }
    RoundingMode away = RoundingMode.UP;
    BigDecimal whole = (value.scale() > 9 ? value.setScale(9, away) : value).stripTrailingZeros();
    // The largest power of a thousand that leaves an integer.
    int power = Math.min(Math.floorDiv(-whole.scale(), 3), 6);
    String number = whole.scaleByPowerOfTen(-3 * power).toBigInteger().toString();
    if (exponent) {
      return power == 0 ? number : number + "e" + 3 * power;
    }
    return number + DECIMAL[power + 3];
  }

  private static int index(String[] suffixes, String suffix) {
    for (int i = 0; i < suffixes.length; i++) {
      if (suffixes[i].equals(suffix)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isNumeric(char c, int at) {
    return (c >= '0' && c <= '9') || c == '.' || (at == 0 && (c == '-' || c == '+'));
  }
}
