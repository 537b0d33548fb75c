package minik8s.kubectl.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks through documents made of maps and lists without ever throwing on a missing step.
 * Stateless; the setters change the maps they are given.
 */
public final class Tree {
  private Tree() {}

  /** The value at a path of keys, or null where a step is missing or JSON's null. */
  public static @Nullable Object at(@Nullable Object root, String... path) {
    Object here = root;
    for (String step : path) {
      here = here instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return here == Json.NULL ? null : here;
  }

  /** The scalar at a path as text; empty when absent. */
  public static String text(@Nullable Object root, String... path) {
    return scalar(at(root, path));
  }

  /** A scalar as text; empty for null, maps and lists. */
  public static String scalar(@Nullable Object value) {
    // no switch over types: the JVM would spin a class for it at every start
    if (value instanceof String s) {
      return s;
    }
    if (value instanceof Number n) {
      return Json.number(n);
    }
    return value instanceof Boolean b ? b.toString() : "";
  }

  /** The list at a path; empty when absent. */
  public static List<Object> list(@Nullable Object root, String... path) {
    return asList(at(root, path));
  }

  /** The map at a path; empty and unmodifiable when absent. */
  public static Map<String, Object> map(@Nullable Object root, String... path) {
    return asMap(at(root, path));
  }

  /** The whole number at a path, or the given one when absent. */
  public static long number(@Nullable Object root, long absent, String... path) {
    return at(root, path) instanceof Number n ? n.longValue() : absent;
  }

  /** Whether the value at a path is true. */
  public static boolean flag(@Nullable Object root, String... path) {
    return Boolean.TRUE.equals(at(root, path));
  }

  /** The value as a map; empty and unmodifiable if it is none. */
  @SuppressWarnings("unchecked") // documents only ever hold string keys and non-null values
  public static Map<String, Object> asMap(@Nullable Object value) {
    return value instanceof Map<?, ?> ? (Map<String, Object>) value : Collections.emptyMap();
  }

  /** The value as a list; empty and unmodifiable if it is none. */
  @SuppressWarnings("unchecked") // documents never hold Java's null
  public static List<Object> asList(@Nullable Object value) {
    return value instanceof List<?> ? (List<Object>) value : Collections.emptyList();
  }

  /** Puts a value at a path, making the maps on the way. */
  public static void put(Map<String, Object> root, Object value, String... path) {
    Map<String, Object> here = root;
    for (int i = 0; i < path.length - 1; i++) {
      here = child(here, path[i]);
    }
    here.put(path[path.length - 1], value);
  }

  /** The map under a key, made when absent. */
  public static Map<String, Object> child(Map<String, Object> parent, String key) {
    if (!(parent.get(key) instanceof Map<?, ?>)) {
      parent.put(key, new LinkedHashMap<String, Object>());
    }
    return asMap(parent.get(key));
  }

  /** Takes away what is at a path, if anything. */
  public static void remove(Map<String, Object> root, String... path) {
    Object here = root;
    for (int i = 0; i < path.length - 1; i++) {
      here = here instanceof Map<?, ?> map ? map.get(path[i]) : null;
    }
    if (here instanceof Map<?, ?> map) {
      map.remove(path[path.length - 1]);
    }
  }

  /** A deep copy that shares only scalars. */
  public static Object copy(Object value) {
    return switch (value) {
      case Map<?, ?> map -> copyMap(asMap(map));
      case List<?> list -> {
        List<Object> out = new ArrayList<>(list.size());
        for (Object item : list) {
          out.add(copy(item));
        }
        yield out;
      }
      default -> value;
    };
  }

  /** A deep copy of a map. */
  public static Map<String, Object> copyMap(Map<String, Object> map) {
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> out.put(key, copy(value)));
    return out;
  }

  /** A new map from alternating keys and values, in that order. */
  public static Map<String, Object> of(Object... keysAndValues) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      out.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return out;
  }

  /** A new changeable list. */
  public static List<Object> listOf(Object... items) {
    return new ArrayList<>(List.of(items));
  }
}
