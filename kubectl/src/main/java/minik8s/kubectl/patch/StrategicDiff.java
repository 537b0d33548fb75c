package minik8s.kubectl.patch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/**
 * The difference of two objects as a strategic merge patch, with {@code $setElementOrder}, {@code
 * $retainKeys}, {@code $patch: delete} and {@code $deleteFromPrimitiveList}. Immutable.
 */
final class StrategicDiff {
  static final String ORDER = "$setElementOrder/";
  static final String RETAIN = "$retainKeys";
  static final String DELETE = "$deleteFromPrimitiveList/";

  private final String kind;
  private final boolean changes;
  private final boolean deletions;

  /** A difference that tells of changes and additions, of deletions, or of both. */
  StrategicDiff(String kind, boolean changes, boolean deletions) {
    this.kind = kind;
    this.changes = changes;
    this.deletions = deletions;
  }

  Map<String, Object> maps(
      Map<String, Object> from, Map<String, Object> to, String parents, boolean retain) {
    Map<String, Object> patch = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : to.entrySet()) {
      field(entry.getKey(), from.get(entry.getKey()), entry.getValue(), parents, patch);
    }
    if (deletions) {
      for (String key : from.keySet()) {
        if (!to.containsKey(key)) {
          patch.put(key, Json.NULL);
        }
      }
    }
    if (retain && (!patch.isEmpty() || lost(from, to))) {
      List<Object> keys = new ArrayList<>();
      for (String key : new TreeSet<>(to.keySet())) {
        if (to.get(key) != Json.NULL) {
          keys.add(key);
        }
      }
      if (!keys.isEmpty()) {
        patch.put(RETAIN, keys);
      }
    }
    return patch;
  }

  private static boolean lost(Map<String, Object> from, Map<String, Object> to) {
    for (Map.Entry<String, Object> entry : from.entrySet()) {
      if (entry.getValue() != Json.NULL && !to.containsKey(entry.getKey())) {
        return true;
      }
    }
    return false;
  }

  private void field(
      String key, @Nullable Object old, Object value, String parents, Map<String, Object> patch) {
    if (old instanceof Map<?, ?> && value instanceof Map<?, ?>) {
      map(key, Tree.asMap(old), Tree.asMap(value), parents, patch);
    } else if (old instanceof List<?> && value instanceof List<?>) {
      list(key, Tree.asList(old), Tree.asList(value), parents, patch);
    } else if (changes && !value.equals(old)) {
      patch.put(key, value);
    }
  }

  private void map(
      String key,
      Map<String, Object> old,
      Map<String, Object> value,
      String parents,
      Map<String, Object> patch) {
    MergeRule rule = MergeRule.of(kind, parents, key);
    if (rule.replace()) {
      if (changes && !old.equals(value)) {
        Map<String, Object> whole = Tree.of("$patch", "replace");
        whole.putAll(value);
        patch.put(key, whole);
      }
      return;
    }
    Map<String, Object> inner = maps(old, value, parents + key + ".", rule.retainKeys());
    if (!inner.isEmpty()) {
      patch.put(key, inner);
    }
  }

  private void list(
      String key, List<Object> old, List<Object> value, String parents, Map<String, Object> patch) {
    MergeRule rule = MergeRule.of(kind, parents, key);
    if (!rule.merge()) {
      if (changes && !old.equals(value)) {
        patch.put(key, value);
      }
    } else if (old.isEmpty()) {
      if (changes && !value.isEmpty()) {
        patch.put(key, value);
      }
    } else if (rule.key().isEmpty()) {
      scalars(key, old, value, patch);
    } else {
      elements(key, rule, old, value, parents, patch);
    }
  }

  private void scalars(
      String key, List<Object> old, List<Object> value, Map<String, Object> patch) {
    List<Object> added = new ArrayList<>(value);
    added.removeAll(old);
    List<Object> removed = new ArrayList<>(old);
    removed.removeAll(value);
    if (changes && !added.isEmpty()) {
      patch.put(key, added);
    }
    if (deletions && !removed.isEmpty()) {
      patch.put(DELETE + key, removed);
    }
    if ((deletions && !removed.isEmpty()) || (changes && !old.equals(value))) {
      patch.put(ORDER + key, value);
    }
  }

  private void elements(
      String key,
      MergeRule rule,
      List<Object> old,
      List<Object> value,
      String parents,
      Map<String, Object> patch) {
    List<Object> out = new ArrayList<>();
    for (Object element : value) {
      Object same = find(old, rule.key(), id(element, rule.key()));
      if (same == null) {
        if (changes) {
          out.add(element);
        }
        continue;
      }
      Map<String, Object> inner =
          maps(Tree.asMap(same), Tree.asMap(element), parents + key + ".", rule.retainKeys());
      if (!inner.isEmpty()) {
        inner.put(rule.key(), id(element, rule.key()));
        out.add(inner);
      }
    }
    if (deletions) {
      for (Object element : old) {
        Object id = id(element, rule.key());
        if (find(value, rule.key(), id) == null) {
          out.add(Tree.of("$patch", "delete", rule.key(), id));
        }
      }
    }
    if (!out.isEmpty()) {
      patch.put(key, out);
    }
    if (!out.isEmpty() || (changes && !sameOrder(old, value, rule.key()))) {
      List<Object> order = new ArrayList<>();
      for (Object element : value) {
        order.add(Tree.of(rule.key(), id(element, rule.key())));
      }
      if (!order.isEmpty()) {
        patch.put(ORDER + key, order);
      }
    }
  }

  private static boolean sameOrder(List<Object> old, List<Object> value, String key) {
    if (old.size() != value.size()) {
      return false;
    }
    for (int i = 0; i < old.size(); i++) {
      if (!id(old.get(i), key).equals(id(value.get(i), key))) {
        return false;
      }
    }
    return true;
  }

  static Object id(Object element, String key) {
    Object id = Tree.at(element, key);
    if (id == null) {
      throw KubectlException.error(
          "map: "
              + minik8s.kubectl.output.GoText.of(element)
              + " does not contain declared merge key: "
              + key);
    }
    return id;
  }

  static @Nullable Object find(List<Object> elements, String key, Object id) {
    for (Object element : elements) {
      if (id.equals(Tree.at(element, key))) {
        return element;
      }
    }
    return null;
  }
}
