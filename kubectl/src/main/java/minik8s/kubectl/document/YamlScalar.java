package minik8s.kubectl.document;

import java.math.BigInteger;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a plain YAML 1.1 scalar means, with the rules of the Go library that kubectl uses.
 * Stateless.
 */
final class YamlScalar {
  private static final Set<String> TRUE =
      Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF");
  private static final Set<String> SPECIAL =
      Set.of(".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "-.inf");
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  private YamlScalar() {}

  /** The value of an unquoted scalar: null, boolean, number or the text itself. */
  static Object resolve(String text) {
    if (NULLS.contains(text)) {
      return Json.NULL;
    }
    if (TRUE.contains(text)) {
      return true;
    }
    if (FALSE.contains(text)) {
      return false;
    }
    char first = text.charAt(0);
    if (first == '.' || first == '+' || first == '-' || isDigit(first)) {
      Object number = timestamp(text) ? null : number(text.replace("_", ""));
      return number == null ? text : number;
    }
    return text;
  }

  /** Whether the text needs quotes to stay a string. */
  static boolean ambiguous(String text) {
    return !(resolve(text) instanceof String)
        || timestamp(text)
        || base60(text)
        || oldBoolean(text);
  }

  private static boolean oldBoolean(String text) {
    return text.length() == 1 && "yYnN".indexOf(text.charAt(0)) >= 0;
  }

  private static @Nullable Object number(String text) {
    if (SPECIAL.contains(text)) {
      return Double.NaN;
    }
    Object whole = whole(text);
    return whole != null ? whole : decimal(text);
  }

  private static @Nullable Object whole(String text) {
    int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int radix = 10;
    int digits = start;
    if (text.startsWith("0x", start) || text.startsWith("0X", start)) {
      radix = 16;
      digits += 2;
    } else if (text.startsWith("0b", start)) {
      radix = 2;
      digits += 2;
    } else if (text.startsWith("0o", start)) {
      radix = 8;
      digits += 2;
    } else if (text.length() > start + 1 && text.charAt(start) == '0') {
      radix = 8;
      digits += 1;
    }
    for (int i = digits; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), radix) < 0) {
        return null;
      }
    }
    if (digits == text.length()) {
      return null;
    }
    BigInteger value = new BigInteger(text.substring(digits), radix);
    value = text.startsWith("-") ? value.negate() : value;
    if (value.bitLength() < 64) {
      return value.longValue();
    }
    return value.bitLength() == 64 && value.signum() > 0 ? (Object) value : value.doubleValue();
  }

  private static @Nullable Object decimal(String text) {
    int i = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int digits = 0;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
      digits++;
    }
    if (i < text.length() && text.charAt(i) == '.') {
      i++;
      while (i < text.length() && isDigit(text.charAt(i))) {
        i++;
        digits++;
      }
    }
    if (digits == 0) {
      return null;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        i++;
      }
      int exponent = i;
      while (i < text.length() && isDigit(text.charAt(i))) {
        i++;
      }
      if (i == exponent) {
        return null;
      }
    }
    return i == text.length() ? Double.valueOf(text) : null;
  }

  /** Years of four digits, then months and days of one or two, then perhaps a time. */
  private static boolean timestamp(String text) {
    if (text.length() < 8 || text.charAt(4) != '-') {
      return false;
    }
    int i = digits(text, 0, 4, 4);
    i = i < 0 ? i : digits(text, i + 1, 1, 2);
    i = i < 0 || i >= text.length() || text.charAt(i) != '-' ? -1 : digits(text, i + 1, 1, 2);
    if (i < 0 || i == text.length()) {
      return i > 0;
    }
    char separator = text.charAt(i);
    if (separator != 'T' && separator != 't' && separator != ' ') {
      return false;
    }
    int colon = text.indexOf(':', i);
    return colon > i + 1 && text.indexOf(':', colon + 1) > colon + 1;
  }

  private static int digits(String text, int from, int least, int most) {
    int i = from;
    while (i < text.length() && i - from < most && isDigit(text.charAt(i))) {
      i++;
    }
    return i - from >= least ? i : -1;
  }

  /** Numbers such as 1:30 that YAML 1.1 read in base 60. */
  private static boolean base60(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      return false;
    }
    int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    if (start == colon || !isDigit(text.charAt(start))) {
      return false;
    }
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isDigit(c) && c != ':' && c != '_' && c != '.') {
        return false;
      }
    }
    return text.charAt(text.length() - 1) != ':';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
