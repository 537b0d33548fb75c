package minik8s.apiserver.schema;

import java.util.HashMap;
import java.util.Map;

/** Short descriptions of the most used types and fields, for {@code kubectl explain}. Immutable. */
final class Descriptions {
  private static final class Holder {
    static final Descriptions ALL = new Descriptions(TypeTable.read("descriptions.txt"));
  }

  private final Map<String, String> texts = new HashMap<>();

  private Descriptions(String lines) {
    lines
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> {
          int space = line.indexOf(' ');
          texts.put(line.substring(0, space), line.substring(space + 1));
        });
  }

  static Descriptions all() {
    return Holder.ALL;
  }

  /** The description of a type or of {@code type.field}; empty where there is none. */
  String of(String name) {
    return texts.getOrDefault(name, "");
  }
}
