package minik8s.apiserver.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of an Accept header. Immutable.
 *
 * @param type such as {@code application/json} or {@code *}{@code /*}
 * @param parameters such as {@code as}, {@code v} and {@code g}
 */
record MediaRange(String type, Map<String, String> parameters) {
  MediaRange {
    parameters = Map.copyOf(parameters);
  }

  /** Reads a header in its order; absent or empty means anything. */
  static List<MediaRange> parse(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return List.of(new MediaRange("*/*", Map.of()));
    }
    List<MediaRange> ranges = new ArrayList<>();
    for (String each : header.split(",")) {
      String[] parts = each.split(";");
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int i = 1; i < parts.length; i++) {
        int equals = parts[i].indexOf('=');
        if (equals > 0) {
          parameters.put(
              parts[i].substring(0, equals).strip(), parts[i].substring(equals + 1).strip());
        }
      }
      ranges.add(new MediaRange(parts[0].strip().toLowerCase(Locale.ROOT), parameters));
    }
    return ranges;
  }

  /** Whether JSON satisfies this alternative. */
  boolean takesJson() {
    return type.equals("*/*") || type.equals("application/*") || type.equals("application/json");
  }

  /** Whether it asks for YAML by name. */
  boolean takesYaml() {
    return type.equals("application/yaml");
  }

  /** The value of a parameter, or the empty string. */
  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
