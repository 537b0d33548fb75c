package minik8s.kubectl.output;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Lengths of time as Kubernetes abbreviates them. Stateless. */
public final class Age {
  private Age() {}

  /** The time passed since a timestamp, or {@code <unknown>}. */
  public static String since(String timestamp, InstantSource clock) {
    Instant then = instant(timestamp);
    return then == null ? "<unknown>" : human(Duration.between(then, clock.instant()));
  }

  /** The instant of an RFC 3339 text, or null. */
  public static @Nullable Instant instant(String timestamp) {
    if (timestamp.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(timestamp).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** A duration with its one or two most telling units, such as {@code 5m12s}. */
  public static String human(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 0) {
      return "0s";
    }
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return pair(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return pair(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    if (hours < 24 * 8) {
      return pair(hours / 24, "d", hours % 24, "h");
    }
    if (hours < 24 * 365 * 2) {
      return hours / 24 + "d";
    }
    if (hours < 24 * 365 * 8) {
      return pair(hours / 24 / 365, "y", hours / 24 % 365, "d");
    }
    return hours / 24 / 365 + "y";
  }

  private static String pair(long big, String bigUnit, long small, String smallUnit) {
    return small == 0 ? big + bigUnit : big + bigUnit + small + smallUnit;
  }
}
