package minik8s.api.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When something is due. Immutable. Pure.
 *
 * <p>Grammar, meaning and complaints are those of {@code robfig/cron}, which Kubernetes uses: five
 * fields or a descriptor; a day must match both day fields, or either when both are restricted; an
 * hour that the clocks skip is skipped, one that they repeat counts twice.
 */
public sealed interface Schedule {
  /** One part of a duration, such as {@code 30m}. */
  Pattern PART = Pattern.compile("([0-9]{1,9})(h|ms|m|s)");

  /** The first moment after this one; empty when there is none within five years. */
  Optional<Instant> next(Instant after);

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static Schedule parse(String text, ZoneId zone) {
    if (text.startsWith("@every ")) {
      return new Every(every(text.substring("@every ".length())));
    }
    return new Fields(CronFields.parse(text), zone);
  }

  /** Go's notation: {@code 1h30m}; rounded down to seconds, at least one. */
  private static Duration every(String text) {
    Matcher part = PART.matcher(text);
    Duration all = Duration.ZERO;
    int end = 0;
    while (end < text.length() && part.find() && part.start() == end) {
      long amount = Long.parseLong(part.group(1));
      all =
          switch (part.group(2)) {
            case "h" -> all.plusHours(amount);
            case "m" -> all.plusMinutes(amount);
            case "s" -> all.plusSeconds(amount);
            default -> all.plusMillis(amount);
          };
      end = part.end();
    }
    if (end == 0 || end < text.length()) {
      throw new IllegalArgumentException(
          "failed to parse duration @every %s: time: invalid duration \"%s\""
              .formatted(text, text));
    }
    return all.toSeconds() < 1 ? Duration.ofSeconds(1) : all.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Again and again after the same time. */
  record Every(Duration period) implements Schedule {
    @Override
    public Optional<Instant> next(Instant after) {
      return Optional.of(after.truncatedTo(ChronoUnit.SECONDS).plus(period));
    }
  }

  /** At minutes that match. */
  record Fields(CronFields fields, ZoneId zone) implements Schedule {
    private static final int YEARS = 5;

    @Override
    public Optional<Instant> next(Instant after) {
      ZonedDateTime time = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
      ZonedDateTime end = time.plusYears(YEARS);
      while (time.isBefore(end)) {
        if (!fields.month(time.getMonthValue())) {
          time = time.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay(zone);
        } else if (!fields.day(time.getDayOfMonth(), time.getDayOfWeek().getValue() % 7)) {
          time = time.toLocalDate().plusDays(1).atStartOfDay(zone);
        } else if (!fields.hour(time.getHour())) {
          time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
        } else if (!fields.minute(time.getMinute())) {
          time = time.plusMinutes(1);
        } else {
          return Optional.of(time.toInstant());
        }
      }
      return Optional.empty();
    }
  }
}
