package minik8s.apiserver.table;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import minik8s.apiserver.kinds.Scales;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The texts that many cells share. Stateless. */
final class Texts {
  static final String NONE = "<none>";
  static final String UNKNOWN = "<unknown>";
  static final String UNSET = "<unset>";

  private Texts() {}

  static String text(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? "" : value.asString("");
  }

  static long number(JsonNode node, String field) {
    return node.path(field).asLong(0);
  }

  static String name(JsonNode doc) {
    return text(doc.path("metadata"), "name");
  }

  static boolean deleting(JsonNode doc) {
    return !text(doc.path("metadata"), "deletionTimestamp").isEmpty();
  }

  /** How long ago the object was created. */
  static String age(JsonNode doc, Instant now) {
    return since(doc.path("metadata"), "creationTimestamp", now);
  }

  /** How long ago the time in a field was; {@code <unknown>} without one. */
  static String since(JsonNode node, String field, Instant now) {
    Instant then = instant(node, field);
    return then == null ? UNKNOWN : human(Duration.between(then, now));
  }

  static @Nullable Instant instant(JsonNode node, String field) {
    String text = text(node, field);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /**
   * A duration in at most two units: {@code 7s}, {@code 5m12s}, {@code 3h}, {@code 2d}.
   *
   * <p>Source: Kubernetes' {@code duration.HumanDuration}.
   */
  static String human(Duration duration) {
    long seconds = duration.toSeconds();
    if (duration.isNegative()) {
      return duration.toMillis() <= -2000 ? "<invalid>" : "0s";
    }
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (days < 8) {
      return two(days, "d", hours % 24, "h");
    }
    if (days < 365 * 2) {
      return days + "d";
    }
    long years = days / 365;
    return years < 8 ? two(years, "y", days % 365, "d") : years + "y";
  }

  private static String two(long much, String unit, long rest, String smaller) {
    return rest == 0 ? much + unit : much + unit + rest + smaller;
  }

  /** {@code a=1,b=2}, or {@code <none>}. */
  static String labels(JsonNode map) {
    if (map.isEmpty()) {
      return NONE;
    }
    return map.propertyStream()
        .map(e -> e.getKey() + "=" + e.getValue().asString(""))
        .sorted()
        .collect(Collectors.joining(","));
  }

  /** A label selector as query text, or {@code <none>}. */
  static String selector(JsonNode selector) {
    String text = selector.isObject() ? Scales.selector(selector) : "";
    return text.isEmpty() ? NONE : text;
  }

  /** One field of every element of a list, joined by commas. */
  static String joined(JsonNode list, String field) {
    return list.valueStream().map(n -> text(n, field)).collect(Collectors.joining(","));
  }

  static List<String> strings(JsonNode list) {
    List<String> result = new ArrayList<>();
    list.forEach(n -> result.add(n.asString("")));
    return result;
  }

  /** The first three, and how many more there are. */
  static String firstThree(List<String> all) {
    return all.size() <= 3
        ? String.join(",", all)
        : String.join(",", all.subList(0, 3)) + " + " + (all.size() - 3) + " more...";
  }

  /** {@code ReadWriteOnce} as {@code RWO}, joined by commas. */
  static String accessModes(JsonNode modes) {
    return modes
        .valueStream()
        .map(m ->
            switch (m.asString("")) {
              case "ReadWriteOnce" -> "RWO";
              case "ReadOnlyMany" -> "ROX";
              case "ReadWriteMany" -> "RWX";
              case "ReadWriteOncePod" -> "RWOP";
              default -> m.asString("");
            })
        .distinct()
        .collect(Collectors.joining(","));
  }

  /** Whether a condition of the list holds. */
  static boolean condition(JsonNode conditions, String type) {
    for (JsonNode each : conditions) {
      if (text(each, "type").equals(type)) {
        return text(each, "status").equals("True");
      }
    }
    return false;
  }
}
