package minik8s.kubectl.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/** One step of a JSONPath expression, from a value to the values it leads to. Immutable. */
sealed interface Step {
  /** The value under a key. */
  record Field(String name) implements Step {}

  /** Elements from, to and by; null bounds are open. A single index has {@code to} = from + 1. */
  record Slice(@Nullable Integer from, @Nullable Integer to, int by, boolean single)
      implements Step {}

  /** Every child. */
  record Wildcard() implements Step {}

  /** The value and all its descendants. */
  record Descend() implements Step {}

  /** Elements for which a comparison holds. */
  record Filter(List<Step> left, String operator, @Nullable Object literal, List<Step> right)
      implements Step {}

  /** The results of several steps, one after the other. */
  record Union(List<Step> steps) implements Step {}

  /** The root of the document. */
  record Root() implements Step {}

  /** A literal value. */
  record Literal(Object value) implements Step {}

  static List<Object> walk(List<Step> steps, Object root, Object from) {
    List<Object> here = List.of(from);
    for (Step step : steps) {
      List<Object> next = new ArrayList<>();
      for (Object value : here) {
        follow(step, root, value, next);
      }
      here = next;
    }
    return here;
  }

  private static void follow(Step step, Object root, Object value, List<Object> out) {
    switch (step) {
      case Field field -> {
        Object child = Tree.asMap(value).get(field.name());
        if (child != null) {
          out.add(child);
        }
      }
      case Slice slice -> slice(slice, value, out);
      case Wildcard all -> out.addAll(children(value));
      case Descend deep -> descend(value, out);
      case Filter filter -> {
        for (Object item : Tree.asList(value)) {
          if (Comparison.holds(filter, root, item)) {
            out.add(item);
          }
        }
      }
      case Union union -> {
        for (Step one : union.steps()) {
          follow(one, root, value, out);
        }
      }
      case Root top -> out.add(root);
      case Literal literal -> out.add(literal.value());
    }
  }

  private static List<Object> children(Object value) {
    return switch (value) {
      case Map<?, ?> map -> new ArrayList<>(Tree.asMap(map).values());
      case List<?> list -> Tree.asList(list);
      default -> List.of();
    };
  }

  private static void descend(Object value, List<Object> out) {
    out.add(value);
    for (Object child : children(value)) {
      if (child instanceof Map<?, ?> || child instanceof List<?>) {
        descend(child, out);
      }
    }
  }

  private static void slice(Slice slice, Object value, List<Object> out) {
    List<Object> list = Tree.asList(value);
    int size = list.size();
    int from = bound(slice.from(), 0, size);
    int to = slice.single() && from == -1 ? size : bound(slice.to(), size, size);
    if (slice.single()) {
      if (from >= size || from < 0) {
        if (!list.isEmpty() || value instanceof List<?>) {
          throw new IllegalArgumentException(
              "array index out of bounds: index " + from + ", length " + size);
        }
        return;
      }
      out.add(list.get(from));
      return;
    }
    for (int i = Math.max(from, 0); i < Math.min(to, size); i += slice.by()) {
      out.add(list.get(i));
    }
  }

  private static int bound(@Nullable Integer given, int absent, int size) {
    if (given == null) {
      return absent;
    }
    return given < 0 ? given + size : given;
  }

  /** Whether a value is there and not null. */
  static boolean present(List<Object> values) {
    return !values.isEmpty() && values.get(0) != Json.NULL;
  }
}
