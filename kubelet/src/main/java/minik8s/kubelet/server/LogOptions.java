package minik8s.kubelet.server;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What of a container's log is wanted. Immutable.
 *
 * @param tail how many last lines; null for all
 * @param since null for all
 * @param limitBytes null for all
 */
record LogOptions(
    boolean follow,
    boolean previous,
    boolean timestamps,
    @Nullable Long tail,
    @Nullable Instant since,
    @Nullable Long limitBytes) {

  /**
   * Reads the query.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static LogOptions of(Function<String, @Nullable String> query, Instant now) {
    Long seconds = number(query, "sinceSeconds");
    String time = query.apply("sinceTime");
    Instant since = seconds == null ? null : now.minus(Duration.ofSeconds(seconds));
    if (time != null) {
      try {
        since = java.time.OffsetDateTime.parse(time).toInstant();
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("sinceTime: \"" + time + "\" is not a time", e);
      }
    }
    return new LogOptions(
        flag(query, "follow"),
        flag(query, "previous"),
        flag(query, "timestamps"),
        number(query, "tailLines"),
        since,
        number(query, "limitBytes"));
  }

  /** Booleans come as {@code true}, {@code 1}, {@code 0} and {@code false}. */
  static boolean flag(Function<String, @Nullable String> query, String name) {
    String value = query.apply(name);
    return value != null && (value.equals("true") || value.equals("1"));
  }

  private static @Nullable Long number(Function<String, @Nullable String> query, String name) {
    String value = query.apply(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": \"" + value + "\" is not a number", e);
    }
  }
}
