package minik8s.apiserver.selector;

import org.jspecify.annotations.Nullable;

/** The words of a label selector, with one word of look-ahead. Confined to one parser. */
final class LabelTokens {
  enum Kind {
    IDENTIFIER,
    IN,
    NOT_IN,
    EQUALS,
    NOT_EQUALS,
    GREATER,
    LESS,
    NOT,
    OPEN,
    CLOSE,
    COMMA,
    END,
    ERROR
  }

  record Token(Kind kind, String text) {}

  private static final Token END = new Token(Kind.END, "");

  private final String text;
  private int position;
  private @Nullable Token ahead;

  LabelTokens(String text) {
    this.text = text;
  }

  /**
   * The next word, kept.
   *
   * @param value whether {@code in} and {@code notin} are plain names here
   */
  Token peek(boolean value) {
    Token token = ahead == null ? scan() : ahead;
    ahead = token;
    return value ? asValue(token) : token;
  }

  /** The next word, taken. */
  Token next(boolean value) {
    Token token = peek(value);
    ahead = null;
    return token;
  }

  private static Token asValue(Token token) {
    return token.kind() == Kind.IN || token.kind() == Kind.NOT_IN
        ? new Token(Kind.IDENTIFIER, token.text())
        : token;
  }

  private Token scan() {
    while (position < text.length() && isSpace(text.charAt(position))) {
      position++;
    }
    if (position == text.length()) {
      return END;
    }
    return isSpecial(text.charAt(position)) ? symbol() : word();
  }

  private Token word() {
    int start = position;
    while (position < text.length()
        && !isSpace(text.charAt(position))
        && !isSpecial(text.charAt(position))) {
      position++;
    }
    String word = text.substring(start, position);
    return switch (word) {
      case "in" -> new Token(Kind.IN, word);
      case "notin" -> new Token(Kind.NOT_IN, word);
      default -> new Token(Kind.IDENTIFIER, word);
    };
  }

  private Token symbol() {
    char c = text.charAt(position++);
    boolean equalsFollows = position < text.length() && text.charAt(position) == '=';
    if (equalsFollows && (c == '=' || c == '!')) {
      position++;
      return c == '=' ? new Token(Kind.EQUALS, "==") : new Token(Kind.NOT_EQUALS, "!=");
    }
    return switch (c) {
      case '=' -> new Token(Kind.EQUALS, "=");
      case '!' -> new Token(Kind.NOT, "!");
      case '(' -> new Token(Kind.OPEN, "(");
      case ')' -> new Token(Kind.CLOSE, ")");
      case ',' -> new Token(Kind.COMMA, ",");
      case '>' -> new Token(Kind.GREATER, ">");
      case '<' -> new Token(Kind.LESS, "<");
      default -> new Token(Kind.ERROR, String.valueOf(c));
    };
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isSpecial(char c) {
    return c == '=' || c == '!' || c == '(' || c == ')' || c == ',' || c == '>' || c == '<';
  }
}
