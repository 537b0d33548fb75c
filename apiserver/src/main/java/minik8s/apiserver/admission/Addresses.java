package minik8s.apiserver.admission;

import java.util.List;

/** The syntax of IP addresses and blocks; nothing is resolved. Stateless. */
final class Addresses {
  private static final String MUST_BE_IP =
      "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  private static final String MUST_BE_CIDR =
      "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

  private Addresses() {}

  static void require(String text, Path path, List<FieldError> errors) {
    if (!isAddress(text)) {
      errors.add(FieldError.invalid(path, text, MUST_BE_IP));
    }
  }

  static void requireBlock(String text, Path path, List<FieldError> errors) {
    int slash = text.indexOf('/');
    boolean valid = false;
    if (slash > 0 && isAddress(text.substring(0, slash))) {
      try {
        int bits = Integer.parseInt(text.substring(slash + 1));
        valid = bits >= 0 && bits <= (text.indexOf(':') >= 0 ? 128 : 32);
      } catch (NumberFormatException e) {
        valid = false;
      }
    }
    if (!valid) {
      errors.add(FieldError.invalid(path, text, MUST_BE_CIDR));
    }
  }

  static boolean isAddress(String text) {
    return text.indexOf(':') >= 0 ? isVersion6(text) : isVersion4(text);
  }

  static boolean isVersion4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
        return false;
      }
      int value = 0;
      for (int i = 0; i < part.length(); i++) {
        char c = part.charAt(i);
        if (c < '0' || c > '9') {
          return false;
        }
        value = value * 10 + (c - '0');
      }
      if (value > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVersion6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    String[] parts = text.split(":", -1);
    int groups = 0;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part.isEmpty()) {
        boolean besideGap = gap >= 0;
        if (!besideGap) {
          return false;
        }
      } else if (part.indexOf('.') >= 0) {
        if (i != parts.length - 1 || !isVersion4(part)) {
          return false;
        }
        groups += 2;
      } else {
        if (part.length() > 4 || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
          return false;
        }
        groups++;
      }
    }
    return gap >= 0 ? groups < 8 : groups == 8;
  }
}
