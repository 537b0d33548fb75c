package minik8s.kubectl.command;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations in Go's notation, such as {@code 1h30m} or {@code 500ms}. Stateless. */
public final class GoDuration {
  private GoDuration() {}

  /** The duration, or null when the text is none; a bare 0 is allowed. */
  public static @Nullable Duration parse(String text) {
    boolean negative = text.startsWith("-");
    int at = negative || text.startsWith("+") ? 1 : 0;
    if (text.substring(at).equals("0")) {
      return Duration.ZERO;
    }
    if (at == text.length()) {
      return null;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    while (at < text.length()) {
      int number = at;
      while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      int unit = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      long scale = scale(text.substring(unit, at));
      String digits = text.substring(number, unit);
      if (scale == 0 || digits.isEmpty() || digits.equals(".")) {
        return null;
      }
      nanos = nanos.add(new BigDecimal(digits).multiply(BigDecimal.valueOf(scale)));
    }
    Duration out = Duration.ofNanos(nanos.longValue());
    return negative ? out.negated() : out;
  }

  private static long scale(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us", "µs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> 0L;
    };
  }
}
