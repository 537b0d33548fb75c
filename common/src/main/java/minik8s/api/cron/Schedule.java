package minik8s.controller.cronjob;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When something is due. Immutable. Pure.
 *
 * <p>Grammar and meaning are those of {@code robfig/cron}, which Kubernetes uses: five fields or a
 * descriptor; a day must match both day fields, or either when both are restricted; an hour that
 * the clocks skip is skipped, one that they repeat counts twice.
 */
sealed interface Schedule {
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
    try {
      Duration duration =
          Duration.parse("PT" + text.replace("ms", "x").toUpperCase(java.util.Locale.ROOT));
      return duration.compareTo(Duration.ofSeconds(1)) < 0
          ? Duration.ofSeconds(1)
          : duration.truncatedTo(ChronoUnit.SECONDS);
    } catch (java.time.format.DateTimeParseException e) {
      throw new IllegalArgumentException("failed to parse duration @every " + text, e);
    }
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
