package minik8s.kubectl.describe;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Sums of Kubernetes quantities, printed in the manner of their parts. Immutable. */
record Amount(BigDecimal value, boolean binary) {
  static final Amount ZERO = new Amount(BigDecimal.ZERO, false);
  private static final String[] BINARY = {"Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final String[] DECIMAL = {"k", "M", "G", "T", "P", "E"};

  static Amount parse(String text) {
    if (text.isEmpty()) {
      return ZERO;
    }
    for (int i = 0; i < BINARY.length; i++) {
      if (text.endsWith(BINARY[i])) {
        BigDecimal number = new BigDecimal(text.substring(0, text.length() - 2));
        return new Amount(number.multiply(BigDecimal.valueOf(1L << (10 * (i + 1)))), true);
      }
    }
    for (int i = 0; i < DECIMAL.length; i++) {
      if (text.endsWith(DECIMAL[i])) {
        BigDecimal number = new BigDecimal(text.substring(0, text.length() - 1));
        return new Amount(number.scaleByPowerOfTen(3 * (i + 1)), false);
      }
    }
    if (text.endsWith("m")) {
      BigDecimal number = new BigDecimal(text.substring(0, text.length() - 1));
      return new Amount(number.scaleByPowerOfTen(-3), false);
    }
    return new Amount(new BigDecimal(text), false);
  }

  Amount plus(Amount other) {
    return new Amount(value.add(other.value), binary || other.binary);
  }

  Amount max(Amount other) {
    return value.compareTo(other.value) >= 0 ? this : other;
  }

  /** Which part of a whole this is, in full percent. */
  long percentOf(Amount whole) {
    return whole.value.signum() == 0
        ? 0
        : value
            .multiply(BigDecimal.valueOf(100))
            .divide(whole.value, 0, RoundingMode.DOWN)
            .longValue();
  }

  @Override
  public String toString() {
    if (value.signum() == 0) {
      return "0";
    }
    if (value.stripTrailingZeros().scale() > 0) {
      return value.scaleByPowerOfTen(3).setScale(0, RoundingMode.UP).toPlainString() + "m";
    }
    return binary ? scaled(1024, BINARY) : scaled(1000, DECIMAL);
  }

  private String scaled(long step, String[] units) {
    BigDecimal rest = value;
    String unit = "";
    for (String next : units) {
      BigDecimal[] parts = rest.divideAndRemainder(BigDecimal.valueOf(step));
      if (parts[1].signum() != 0) {
        break;
      }
      rest = parts[0];
      unit = next;
    }
    return rest.setScale(0, RoundingMode.UP).toPlainString() + unit;
  }
}
