package minik8s.kubectl.document;

/** How a YAML string is written, and the rules of Go's emitter for choosing. */
enum YamlStyle {
  PLAIN,
  SINGLE,
  DOUBLE,
  LITERAL;

  static YamlStyle of(String text, boolean key) {
    boolean lines = text.indexOf('\n') >= 0;
    if (!lines && YamlScalar.ambiguous(text)) {
      return DOUBLE;
    }
    boolean special = special(text);
    if (lines) {
      return special || key || endsWithSpace(text) ? DOUBLE : LITERAL;
    }
    if (special) {
      return DOUBLE;
    }
    return plain(text) ? PLAIN : SINGLE;
  }

  private static boolean endsWithSpace(String text) {
    return text.endsWith(" ");
  }

  /** Characters that only double quotes can hold, or a space just before a line break. */
  private static boolean special(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean spaceBreak = c == '\n' && i > 0 && text.charAt(i - 1) == ' ';
      if (spaceBreak || (c != '\n' && !printable(c))) {
        return true;
      }
    }
    return false;
  }

  static boolean printable(char c) {
    return (c >= 0x20 && c <= 0x7e)
        || (c >= 0xa0 && c < 0xd800 && c != 0x2028 && c != 0x2029)
        || (c >= 0xe000 && c < 0xfeff)
        || (c > 0xfeff && c < 0xfffe);
  }

  private static boolean plain(String text) {
    if (text.startsWith(" ") || text.endsWith(" ")) {
      return false;
    }
    if (text.startsWith("---") || text.startsWith("...")) {
      return false;
    }
    return !startsWithIndicator(text) && !holdsIndicator(text);
  }

  private static boolean startsWithIndicator(String text) {
    char first = text.charAt(0);
    if ("#,[]{}&*!|>'\"%@`".indexOf(first) >= 0) {
      return true;
    }
    boolean blankNext = text.length() == 1 || text.charAt(1) == ' ';
    return (first == '?' || first == ':' || first == '-') && blankNext;
  }

  private static boolean holdsIndicator(String text) {
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean blankNext = i == text.length() - 1 || text.charAt(i + 1) == ' ';
      if ((c == ':' && blankNext) || (c == '#' && text.charAt(i - 1) == ' ')) {
        return true;
      }
    }
    return false;
  }
}
