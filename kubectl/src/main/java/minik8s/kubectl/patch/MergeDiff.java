package minik8s.kubectl.patch;

import java.util.LinkedHashMap;
import java.util.Map;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** The two halves of a JSON merge patch: lists are replaced as a whole. Stateless. */
final class MergeDiff {
  private MergeDiff() {}

  /** What is new or other in {@code to}. */
  static void changes(Map<String, Object> from, Map<String, Object> to, Map<String, Object> out) {
    to.forEach((key, value) -> {
      Object old = from.get(key);
      if (value == Json.NULL) {
        return;
      }
      if (old instanceof Map<?, ?> && value instanceof Map<?, ?>) {
        Map<String, Object> inner = new LinkedHashMap<>();
        changes(Tree.asMap(old), Tree.asMap(value), inner);
        if (!inner.isEmpty()) {
          out.put(key, inner);
        }
      } else if (!value.equals(old)) {
        out.put(key, Tree.copy(value));
      }
    });
  }

  /** Nulls for what is gone in {@code to}. */
  static void deletions(Map<String, Object> from, Map<String, Object> to, Map<String, Object> out) {
    from.forEach((key, old) -> {
      Object value = to.get(key);
      if (value == null) {
        out.put(key, Json.NULL);
      } else if (old instanceof Map<?, ?> && value instanceof Map<?, ?>) {
        Map<String, Object> inner = new LinkedHashMap<>(Tree.asMap(out.get(key)));
        deletions(Tree.asMap(old), Tree.asMap(value), inner);
        if (!inner.isEmpty()) {
          out.put(key, inner);
        }
      }
    });
  }
}
