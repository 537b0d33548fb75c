package minik8s.kubectl.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes YAML exactly as kubectl does: keys in natural order, sequences not indented below their
 * key, long text folded at 80 columns. Confined to one thread.
 */
public final class YamlWriter {
  private final StringBuilder out = new StringBuilder(1024);
  private final YamlText text = new YamlText(out);

  private YamlWriter() {}

  /** The document as text that ends with a line break. */
  public static String write(Object value) {
    YamlWriter writer = new YamlWriter();
    writer.top(value);
    return writer.out.toString();
  }

  private void top(Object value) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map(Tree.asMap(map), 0, false);
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      list(Tree.asList(list), 0, false);
    } else {
      scalar(value, 0);
      out.append('\n');
    }
  }

  private void map(Map<String, Object> map, int indent, boolean inline) {
    List<String> keys = new ArrayList<>(map.keySet());
    keys.sort(NaturalOrder.INSTANCE);
    boolean onLine = inline;
    for (String key : keys) {
      if (!onLine) {
        spaces(indent);
      }
      onLine = false;
      text.write(key, 0, true);
      out.append(':');
      value(map.getOrDefault(key, Json.NULL), indent, false);
    }
  }

  private void list(List<Object> list, int indent, boolean inline) {
    boolean onLine = inline;
    for (Object item : list) {
      if (!onLine) {
        spaces(indent);
      }
      onLine = false;
      out.append('-');
      value(item, indent, true);
    }
  }

  private void value(Object value, int indent, boolean inList) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      if (inList) {
        out.append(' ');
      } else {
        out.append('\n');
      }
      map(Tree.asMap(map), indent + 2, inList);
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      if (inList) {
        out.append(' ');
        list(Tree.asList(list), indent + 2, true);
      } else {
        out.append('\n');
        list(Tree.asList(list), indent, false);
      }
    } else {
      out.append(' ');
      scalar(value, indent);
      out.append('\n');
    }
  }

  private void scalar(Object value, int indent) {
    switch (value) {
      case Map<?, ?> map -> out.append("{}");
      case List<?> list -> out.append("[]");
      case String s -> text.write(s, indent + 2, false);
      case Number n -> out.append(Json.number(n));
      default -> out.append(value);
    }
  }

  private void spaces(int count) {
    out.repeat(' ', count);
  }
}
