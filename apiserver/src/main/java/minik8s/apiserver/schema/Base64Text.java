package minik8s.apiserver.schema;

/** Checks of standard base64 text, with Go's idea of where it is wrong. Stateless. */
final class Base64Text {
  private Base64Text() {}

  /** The position Go would complain about, or -1 if the text is sound. */
  static int firstIllegal(String text) {
    int digits = 0;
    int padding = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        continue;
      }
      if (c == '=') {
        if (++padding > 2 || (digits + padding) % 4 == 1 || digits % 4 < 2) {
          return i;
        }
      } else if (padding > 0 || !isDigit(c)) {
        return i;
      } else {
        digits++;
      }
    }
    return (digits + padding) % 4 == 0 ? -1 : text.length() - (digits + padding) % 4;
  }

  static String withoutLineBreaks(String text) {
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replace("\n", "").replace("\r", "");
  }

  private static boolean isDigit(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }
}
