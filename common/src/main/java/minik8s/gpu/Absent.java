package minik8s.gpu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What absent parts of a document become. Stateless. */
final class Absent {
  private Absent() {}

  static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  static String or(@Nullable String text, String fallback) {
    return text == null || text.isEmpty() ? fallback : text;
  }

  static <T> List<T> list(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
