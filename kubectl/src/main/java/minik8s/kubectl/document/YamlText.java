package minik8s.kubectl.document;

/**
 * Writes one YAML string in the style that Go's emitter chooses: plain, single quoted, double
 * quoted or literal, folded at 80 columns. Confined to one thread.
 */
final class YamlText {
  private static final int WIDTH = 80;

  private final StringBuilder out;

  YamlText(StringBuilder out) {
    this.out = out;
  }

  /** Writes the text; continuation lines start at the indent; keys are never folded. */
  void write(String text, int indent, boolean key) {
    YamlStyle style = YamlStyle.of(text, key);
    switch (style) {
      case PLAIN -> folded(text, indent, key, false);
      case SINGLE -> {
        out.append('\'');
        folded(text, indent, key, true);
        out.append('\'');
      }
      case DOUBLE -> doubled(text, indent, key);
      case LITERAL -> literal(text, indent);
    }
  }

  private int column() {
    return out.length() - out.lastIndexOf("\n") - 1;
  }

  private void newLine(int indent) {
    out.append('\n').repeat(' ', indent);
  }

  private void folded(String text, int indent, boolean key, boolean quoted) {
    boolean spaces = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ' ') {
        out.append(c);
        if (quoted && c == '\'') {
          out.append('\'');
        }
        spaces = false;
        continue;
      }
      boolean inside = i < text.length() - 1 && text.charAt(i + 1) != ' ' && i > 0;
      if (!key && !spaces && inside && column() > WIDTH) {
        newLine(indent);
      } else {
        out.append(c);
      }
      spaces = true;
    }
  }

  private void doubled(String text, int indent, boolean key) {
    out.append('"');
    boolean spaces = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' && !key && !spaces && i > 0 && i < text.length() - 1 && column() > WIDTH) {
        newLine(indent);
        if (text.charAt(i + 1) == ' ') {
          out.append('\\');
        }
        spaces = true;
        continue;
      }
      spaces = c == ' ';
      if (Character.isHighSurrogate(c) && i + 1 < text.length()) {
        out.append("\\U").append(hex(text.codePointAt(i), 8));
        i++;
      } else {
        escaped(c);
      }
    }
    out.append('"');
  }

  private void escaped(char c) {
    switch (c) {
      case '\0' -> out.append("\\0");
      case 0x07 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case 0x0b -> out.append("\\v");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      case 0x1b -> out.append("\\e");
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case 0x85 -> out.append("\\N");
      case 0xa0 -> out.append("\\_");
      case 0x2028 -> out.append("\\L");
      case 0x2029 -> out.append("\\P");
      default -> {
        if (YamlStyle.printable(c)) {
          out.append(c);
        } else {
          out.append(c <= 0xff ? "\\x" : "\\u").append(hex(c, c <= 0xff ? 2 : 4));
        }
      }
    }
  }

  private static String hex(int value, int digits) {
    StringBuilder text = new StringBuilder();
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      text.append(Character.toUpperCase(Character.forDigit((value >> shift) & 0xf, 16)));
    }
    return text.toString();
  }

  private void literal(String text, int indent) {
    out.append('|');
    if (text.startsWith(" ") || text.startsWith("\n")) {
      out.append('2');
    }
    if (!text.endsWith("\n")) {
      out.append('-');
    } else if (text.length() == 1 || text.endsWith("\n\n")) {
      out.append('+');
    }
    String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    for (String line : body.split("\n", -1)) {
      if (line.isEmpty()) {
        out.append('\n');
      } else {
        newLine(indent);
        out.append(line);
      }
    }
  }
}
