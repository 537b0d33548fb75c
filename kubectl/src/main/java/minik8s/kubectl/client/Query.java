package minik8s.kubectl.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Builds the query of a URL, leaving out empty values. Confined to one thread. */
public final class Query {
  private final StringBuilder out = new StringBuilder();

  /** Adds a parameter unless its value is empty. */
  public Query with(String name, String value) {
    if (!value.isEmpty()) {
      out.append(out.isEmpty() ? '?' : '&').append(name).append('=').append(escape(value));
    }
    return this;
  }

  /** Escapes a text for a path or a query. */
  public static String escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
      if (!plain) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
      }
    }
    return text;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
