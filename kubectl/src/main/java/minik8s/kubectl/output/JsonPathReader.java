package minik8s.kubectl.output;

import java.util.ArrayList;
import java.util.List;
import minik8s.kubectl.output.JsonPath.Part;
import org.jspecify.annotations.Nullable;

/** Reads JSONPath templates. Confined to one thread. */
final class JsonPathReader {
  private final String text;
  private int at;

  JsonPathReader(String text) {
    this.text = text;
  }

  List<Part> template() {
    List<Part> parts = new ArrayList<>();
    if (parts(parts)) {
      throw new IllegalArgumentException("not in range, nothing to end");
    }
    return parts;
  }

  /** Reads up to the end of the text or of a range; tells whether it met an {@code end}. */
  private boolean parts(List<Part> into) {
    while (at < text.length()) {
      int brace = text.indexOf('{', at);
      if (brace != at) {
        int end = brace < 0 ? text.length() : brace;
        into.add(new Part.Text(text.substring(at, end)));
        at = end;
        continue;
      }
      at++;
      skipSpace();
      if (word("end")) {
        close();
        return true;
      }
      if (word("range")) {
        skipSpace();
        List<Step> over = expression();
        close();
        List<Part> body = new ArrayList<>();
        if (!parts(body)) {
          throw new IllegalArgumentException("unterminated range");
        }
        into.add(new Part.Range(over, body));
        continue;
      }
      insideBraces(into);
      close();
    }
    return false;
  }

  private void insideBraces(List<Part> into) {
    while (at < text.length() && text.charAt(at) != '}') {
      char c = text.charAt(at);
      if (c == '"' || c == '\'') {
        into.add(new Part.Text(quoted()));
      } else {
        into.add(new Part.Path(expression()));
      }
      skipSpace();
    }
  }

  private boolean word(String word) {
    int end = at + word.length();
    boolean found =
        text.startsWith(word, at) && end < text.length() && " }".indexOf(text.charAt(end)) >= 0;
    at = found ? end : at;
    return found;
  }

  private void close() {
    skipSpace();
    if (at >= text.length() || text.charAt(at) != '}') {
      throw new IllegalArgumentException("unclosed action");
    }
    at++;
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private List<Step> expression() {
    List<Step> steps = new ArrayList<>();
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case '$' -> {
          steps.add(new Step.Root());
          at++;
        }
        case '@' -> at++;
        case '.' -> dot(steps);
        case '[' -> steps.add(bracket());
        default -> {
          if (!nameChar(c) || !steps.isEmpty()) {
            if (steps.isEmpty() && !stops(c)) {
              throw new IllegalArgumentException(
                  "unrecognized character in action: U+00" + hex(c) + " '" + c + "'");
            }
            return steps;
          }
          steps.add(new Step.Field(name()));
        }
      }
    }
    return steps;
  }

  private static String hex(char c) {
    return Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT);
  }

  private static boolean stops(char c) {
    return " })=!<>,]".indexOf(c) >= 0;
  }

  private void dot(List<Step> steps) {
    at++;
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      steps.add(new Step.Descend());
    }
    if (at >= text.length() || text.charAt(at) == '[' || stops(text.charAt(at))) {
      return;
    }
    if (text.charAt(at) == '*') {
      at++;
      steps.add(new Step.Wildcard());
      return;
    }
    steps.add(new Step.Field(name()));
  }

  private static boolean nameChar(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '\\' || c == '/';
  }

  private String name() {
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length()) {
        out.append(text.charAt(at + 1));
        at += 2;
      } else if (nameChar(c)) {
        out.append(c);
        at++;
      } else {
        break;
      }
    }
    return out.toString();
  }

  private Step bracket() {
    at++;
    List<Step> union = new ArrayList<>();
    while (true) {
      skipSpace();
      union.add(element());
      skipSpace();
      char c = at < text.length() ? text.charAt(at) : 0;
      at++;
      if (c == ']') {
        return union.size() == 1 ? union.get(0) : new Step.Union(union);
      }
      if (c != ',') {
        throw new IllegalArgumentException("unterminated array");
      }
    }
  }

  private Step element() {
    char c = at < text.length() ? text.charAt(at) : 0;
    if (c == '*') {
      at++;
      return new Step.Wildcard();
    }
    if (c == '\'' || c == '"') {
      return new Step.Field(quoted());
    }
    if (c == '?') {
      return filter();
    }
    Integer from = integer();
    if (at < text.length() && text.charAt(at) == ':') {
      at++;
      Integer to = integer();
      Integer by = null;
      if (at < text.length() && text.charAt(at) == ':') {
        at++;
        by = integer();
      }
      return new Step.Slice(from, to, by == null || by < 1 ? 1 : by, false);
    }
    if (from == null) {
      throw new IllegalArgumentException(
          "invalid array index " + text.substring(Math.min(at, text.length())));
    }
    return new Step.Slice(from, from + 1, 1, true);
  }

  private @Nullable Integer integer() {
    int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '-')) {
      at++;
    }
    return at == start ? null : Integer.valueOf(text.substring(start, at));
  }

  private Step filter() {
    at++;
    if (at >= text.length() || text.charAt(at) != '(') {
      throw new IllegalArgumentException("unterminated filter");
    }
    at++;
    skipSpace();
    List<Step> left = expression();
    skipSpace();
    String operator = operator();
    skipSpace();
    Object literal = null;
    List<Step> right = List.of();
    if (!operator.equals("exists")) {
      literal = literal();
      right = literal == null ? expression() : right;
    }
    skipSpace();
    if (at >= text.length() || text.charAt(at) != ')') {
      throw new IllegalArgumentException("unterminated filter");
    }
    at++;
    return new Step.Filter(left, operator, literal, right);
  }

  private String operator() {
    for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
      if (text.startsWith(operator, at)) {
        at += operator.length();
        return operator;
      }
    }
    return "exists";
  }

  private @Nullable Object literal() {
    char c = at < text.length() ? text.charAt(at) : 0;
    if (c == '"' || c == '\'') {
      return quoted();
    }
    if (text.startsWith("true", at) || text.startsWith("false", at)) {
      boolean value = text.startsWith("true", at);
      at += value ? 4 : 5;
      return value;
    }
    if (Character.isDigit(c) || c == '-') {
      int start = at++;
      while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      String digits = text.substring(start, at);
      return digits.indexOf('.') < 0 ? (Object) Long.valueOf(digits) : Double.valueOf(digits);
    }
    return null;
  }

  private String quoted() {
    char quote = text.charAt(at++);
    StringBuilder out = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        c = escape(text.charAt(at++));
      }
      out.append(c);
    }
    if (at >= text.length()) {
      throw new IllegalArgumentException("unterminated quoted string");
    }
    at++;
    return out.toString();
  }

  private static char escape(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      default -> c;
    };
  }
}
