package minik8s.apiserver.schema;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as the API writes them: {@code metav1.Time} and {@code metav1.MicroTime}. Stateless. */
final class Times {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private Times() {}

  /**
   * Rewrites an RFC 3339 time into the form of the API.
   *
   * @throws IllegalArgumentException with Go's message when it is none
   */
  static String canonical(String text, boolean micro) {
    try {
      return format(OffsetDateTime.parse(text).toInstant(), micro);
    } catch (DateTimeException e) {
      String layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
      String quoted = GoText.quote(text);
      throw new IllegalArgumentException(
          "parsing time "
              + quoted
              + " as \""
              + layout
              + "\": cannot parse "
              + quoted
              + " as \"2006\"",
          e);
    }
  }

  static String format(Instant time, boolean micro) {
    return (micro ? MICROS : SECONDS).format(time);
  }
}
