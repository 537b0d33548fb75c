package minik8s.kubectl.document;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes values in the manner of Go's encoder: optionally sorted keys and four-space indents, with
 * {@code <}, {@code >} and {@code &} escaped. Confined to one thread.
 */
final class JsonWriter {
  private final StringBuilder out;
  private final boolean pretty;
  private final boolean sorted;
  private int depth;

  JsonWriter(StringBuilder out, boolean pretty, boolean sorted) {
    this.out = out;
    this.pretty = pretty;
    this.sorted = sorted;
  }

  void write(Object value) {
    switch (value) {
      case Map<?, ?> map -> object(map);
      case List<?> list -> array(list);
      case String text -> quote(text);
      case Number number -> out.append(Json.number(number));
      default -> out.append(value);
    }
  }

  private void object(Map<?, ?> map) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    depth++;
    String comma = "";
    for (Map.Entry<?, ?> entry : (sorted ? new TreeMap<>(map) : map).entrySet()) {
      out.append(comma);
      newLine();
      quote(String.valueOf(entry.getKey()));
      out.append(pretty ? ": " : ":");
      write(entry.getValue());
      comma = ",";
    }
    depth--;
    newLine();
    out.append('}');
  }

  private void array(List<?> list) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    depth++;
    String comma = "";
    for (Object item : list) {
      out.append(comma);
      newLine();
      write(item);
      comma = ",";
    }
    depth--;
    newLine();
    out.append(']');
  }

  private void newLine() {
    if (pretty) {
      out.append('\n');
      for (int i = 0; i < depth; i++) {
        out.append("    ");
      }
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> unicode(c);
        default -> {
          if (c < 0x20) {
            unicode(c);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private void unicode(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(Character.forDigit((c >> shift) & 0xf, 16));
    }
  }
}
