package minik8s.apiserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Failure;
import org.jspecify.annotations.Nullable;

/** The parameters of a query string; a name may come several times. Immutable. */
public final class Query {
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  /** Reads a raw query string; null means none. */
  public Query(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return;
    }
    for (String pair : raw.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      values.computeIfAbsent(decode(name), _ -> new ArrayList<>()).add(decode(value));
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw Failure.badRequest("malformed query: " + text).asException();
    }
  }

  /** The first value, or the empty string. */
  public String text(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    return all.isEmpty() ? "" : all.getFirst();
  }

  /** All values in order. */
  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  /** Whether the parameter is there at all. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Whether the parameter says yes: {@code true}, {@code 1} or nothing at all behind its name. */
  public boolean flag(String name) {
    return has(name) && !text(name).equals("false") && !text(name).equals("0");
  }

  /** A number that is not negative, or null when the parameter is absent or empty. */
  public @Nullable Long number(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return null;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Refused below with Kubernetes' words.
    }
    throw Failure.badRequest(
            name + ": Invalid value: \"" + text + "\": must be a non-negative integer")
        .asException();
  }
}
