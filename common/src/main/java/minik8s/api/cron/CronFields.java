package minik8s.controller.cronjob;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The five fields of a cron expression as sets of numbers, one bit each. Immutable. Pure.
 *
 * @param anyDay whether one of the day fields is a bare star, so that the other alone decides
 */
record CronFields(long minutes, long hours, long days, long months, long weekdays, boolean anyDay) {
  private static final Map<String, String> NAMED =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final List<String> NO_NAMES = List.of();
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> WEEKDAYS =
      List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static CronFields parse(String text) {
    String[] fields = NAMED.getOrDefault(text.strip(), text).strip().split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "expected exactly 5 fields, found %d: %s".formatted(fields.length, text));
    }
    return new CronFields(
        field(fields[0], 0, 59, NO_NAMES),
        field(fields[1], 0, 23, NO_NAMES),
        field(fields[2], 1, 31, NO_NAMES),
        field(fields[3], 1, 12, MONTHS),
        field(fields[4], 0, 6, WEEKDAYS),
        star(fields[2]) || star(fields[4]));
  }

  boolean minute(int minute) {
    return has(minutes, minute);
  }

  boolean hour(int hour) {
    return has(hours, hour);
  }

  boolean month(int month) {
    return has(months, month);
  }

  /**
   * @param weekday 0 is Sunday
   */
  boolean day(int day, int weekday) {
    boolean byDay = has(days, day);
    boolean byWeekday = has(weekdays, weekday);
    return anyDay ? byDay && byWeekday : byDay || byWeekday;
  }

  private static boolean has(long bits, int number) {
    return (bits >>> number & 1) == 1;
  }

  /** A star with a step is a restriction like any other. */
  private static boolean star(String field) {
    for (String range : field.split(",", -1)) {
      if (range.equals("*") || range.equals("?") || range.equals("*/1") || range.equals("?/1")) {
        return true;
      }
    }
    return false;
  }

  private static long field(String text, int min, int max, List<String> names) {
    long bits = 0;
    for (String range : text.split(",", -1)) {
      bits |= range(range, min, max, names);
    }
    return bits;
  }

  private static long range(String text, int min, int max, List<String> names) {
    String[] stepped = text.split("/", -1);
    String[] ends = stepped[0].split("-", -1);
    boolean star = ends[0].equals("*") || ends[0].equals("?");
    if (stepped.length > 2 || ends.length > 2 || (star && ends.length > 1)) {
      throw new IllegalArgumentException("failed to parse range " + text);
    }
    int from = star ? min : number(ends[0], min, names);
    int to = from;
    if (ends.length == 2) {
      to = number(ends[1], min, names);
    } else if (star || stepped.length == 2) {
      to = max;
    }
    int step = stepped.length == 2 ? number(stepped[1], 0, NO_NAMES) : 1;
    if (from < min || to > max || from > to || step < 1) {
      throw new IllegalArgumentException("failed to parse range " + text);
    }
    long bits = 0;
    for (int number = from; number <= to; number += step) {
      bits |= 1L << number;
    }
    return bits;
  }

  private static int number(String text, int min, List<String> names) {
    int named = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + min;
    }
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("failed to parse int from " + text, e);
    }
  }
}
