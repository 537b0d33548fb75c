package minik8s.kubectl.output;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** Values as Go's {@code %v} prints them. Stateless. */
public final class GoText {
  private GoText() {}

  /** Maps as {@code map[a:b]}, lists as {@code [a b]}, null as {@code <nil>}. */
  public static String of(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> {
        out.append("map[");
        String space = "";
        for (Map.Entry<String, Object> entry : new TreeMap<>(Tree.asMap(map)).entrySet()) {
          out.append(space).append(entry.getKey()).append(':');
          write(entry.getValue(), out);
          space = " ";
        }
        out.append(']');
      }
      case List<?> list -> {
        out.append('[');
        String space = "";
        for (Object item : list) {
          out.append(space);
          write(item, out);
          space = " ";
        }
        out.append(']');
      }
      default -> out.append(value == Json.NULL ? "<nil>" : Tree.scalar(value));
    }
  }
}
