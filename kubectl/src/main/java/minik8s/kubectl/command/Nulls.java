package minik8s.kubectl.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** Takes nulls out of maps, which mean nothing in a create. Stateless. */
final class Nulls {
  private Nulls() {}

  static Map<String, Object> without(Map<String, Object> map) {
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> {
      if (value != Json.NULL) {
        out.put(key, prune(value));
      }
    });
    return out;
  }

  private static Object prune(Object value) {
    return switch (value) {
      case Map<?, ?> map -> without(Tree.asMap(map));
      case List<?> list -> {
        List<Object> out = new java.util.ArrayList<>();
        for (Object item : list) {
          out.add(prune(item));
        }
        yield out;
      }
      default -> value;
    };
  }
}
