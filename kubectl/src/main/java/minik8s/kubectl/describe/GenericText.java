package minik8s.kubectl.describe;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.GoText;
import org.jspecify.annotations.Nullable;

/** Objects of any kind, field by field. Stateless. */
public final class GenericText {
  private static final Set<String> ELSEWHERE =
      Set.of(
          ".metadata.managedFields",
          ".metadata.name",
          ".metadata.namespace",
          ".metadata.labels",
          ".metadata.annotations");
  private static final Set<String> ACRONYMS = Set.of("API", "URL", "UID", "GUID");

  private GenericText() {}

  /** An object with its events. */
  public static String of(
      Map<String, Object> object, @Nullable List<Object> events, InstantSource clock) {
    Page page = new Page(clock);
    CoreText.head(page, object);
    fields(page, 0, object, "");
    return page.events(events).text();
  }

  private static void fields(Page page, int level, Map<String, Object> content, String path) {
    for (Map.Entry<String, Object> field : new TreeMap<>(content).entrySet()) {
      String here = path + "." + field.getKey();
      if (ELSEWHERE.contains(here)) {
        continue;
      }
      String label = label(field.getKey());
      switch (field.getValue()) {
        case Map<?, ?> map -> {
          page.line(level, label + ":");
          fields(page, level + 1, Tree.asMap(map), here);
        }
        case List<?> list -> {
          page.line(level, label + ":");
          for (Object item : list) {
            if (item instanceof Map<?, ?> map) {
              fields(page, level + 1, Tree.asMap(map), here);
            } else {
              page.line(level + 1, GoText.of(item));
            }
          }
        }
        default -> page.line(level, label + ":\t" + GoText.of(field.getValue()));
      }
    }
  }

  /** {@code apiVersion} as {@code API Version}; names with other signs stay as they are. */
  static String label(String field) {
    if (!field.chars().allMatch(c -> Character.isLetter(c) || c == '-')) {
      return field;
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int i = 1; i <= field.length(); i++) {
      if (i == field.length() || boundary(field, i)) {
        String part = field.substring(from, i);
        String upper = part.toUpperCase(java.util.Locale.ROOT);
        out.append(out.isEmpty() ? "" : " ");
        out.append(
            ACRONYMS.contains(upper)
                ? upper
                : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        from = i;
      }
    }
    return out.toString();
  }

  private static boolean boundary(String text, int i) {
    boolean upper = Character.isUpperCase(text.charAt(i));
    boolean lowerBefore = Character.isLowerCase(text.charAt(i - 1));
    boolean lowerAfter = i + 1 < text.length() && Character.isLowerCase(text.charAt(i + 1));
    return upper && (lowerBefore || lowerAfter);
  }
}
