package minik8s.kubectl.client;

/** The text of a Warning header such as {@code 299 - "text"}. Stateless. */
final class WarningText {
  private WarningText() {}

  static String of(String header) {
    int from = header.indexOf('"');
    if (from < 0) {
      return header;
    }
    StringBuilder out = new StringBuilder();
    for (int i = from + 1; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == '"') {
        break;
      }
      if (c == '\\' && i + 1 < header.length()) {
        c = header.charAt(++i);
      }
      out.append(c);
    }
    return out.toString();
  }
}
