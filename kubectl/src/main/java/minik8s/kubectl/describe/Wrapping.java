package minik8s.kubectl.describe;

/** Breaks text into lines at blanks. Stateless. */
final class Wrapping {
  private Wrapping() {}

  /** Lines of at most so many signs, each behind an indent; line breaks of the text stay. */
  static String wrap(String text, int width, int indent) {
    StringBuilder out = new StringBuilder();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      out.append(i == 0 ? "" : "\n").repeat(' ', indent);
      line(lines[i], width, indent, out);
    }
    return out.toString();
  }

  private static void line(String line, int width, int indent, StringBuilder out) {
    int column = 0;
    for (String word : line.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > width) {
        out.append('\n').repeat(' ', indent);
        column = 0;
      } else if (column > 0) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
  }
}
