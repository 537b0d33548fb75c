package minik8s.kubectl.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** Joins the patch of deletions with the patch of changes into one. Stateless. */
final class PatchUnion {
  private PatchUnion() {}

  static Map<String, Object> join(
      String kind, Map<String, Object> deletions, Map<String, Object> changes) {
    join(kind, "", deletions, changes);
    return deletions;
  }

  private static void join(
      String kind, String parents, Map<String, Object> into, Map<String, Object> changes) {
    for (Map.Entry<String, Object> entry : changes.entrySet()) {
      String key = entry.getKey();
      Object value = entry.getValue();
      Object there = into.get(key);
      if (there instanceof Map<?, ?> && value instanceof Map<?, ?>) {
        join(kind, parents + key + ".", Tree.asMap(there), Tree.asMap(value));
      } else if (there instanceof List<?> && value instanceof List<?> && !key.startsWith("$")) {
        MergeRule rule = MergeRule.of(kind, parents, key);
        into.put(
            key,
            rule.merge() && !rule.key().isEmpty()
                ? lists(
                    kind, parents + key + ".", rule.key(), Tree.asList(there), Tree.asList(value))
                : value);
      } else {
        into.put(key, value == Json.NULL ? Json.NULL : Tree.copy(value));
      }
    }
  }

  /** Changed elements first and in their own order, then those that are only deleted from. */
  private static List<Object> lists(
      String kind, String parents, String key, List<Object> deletions, List<Object> changes) {
    List<Object> left = new ArrayList<>();
    List<Object> out = new ArrayList<>();
    for (Object element : deletions) {
      if (StrategicDiff.find(changes, key, StrategicDiff.id(element, key)) == null) {
        left.add(element);
      }
    }
    for (Object element : changes) {
      Object id = StrategicDiff.id(element, key);
      Object same = StrategicDiff.find(deletions, key, id);
      if (same != null) {
        earlier(deletions, left, same, key, out);
        join(kind, parents, Tree.asMap(same), Tree.asMap(element));
        out.add(same);
      } else {
        out.add(Tree.copy(element));
      }
    }
    out.addAll(left);
    return out;
  }

  /** Moves what stands before an element in the deletions, so that their order is kept. */
  private static void earlier(
      List<Object> deletions, List<Object> left, Object element, String key, List<Object> out) {
    Object id = StrategicDiff.id(element, key);
    for (Object other : deletions) {
      if (StrategicDiff.id(other, key).equals(id)) {
        return;
      }
      if (left.remove(other)) {
        out.add(other);
      }
    }
  }
}
