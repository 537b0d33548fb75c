package minik8s.api.cron;

import java.util.Map;

/**
 * The five fields of a cron expression as sets of numbers, one bit each. Immutable. Pure.
 *
 * @param anyDay whether one of the day fields is a bare star, so that the other alone decides
 */
public record CronFields(
    long minutes, long hours, long days, long months, long weekdays, boolean anyDay) {
  private static final Map<String, String> NAMED =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static CronFields parse(String text) {
    if (text.startsWith("@") && !NAMED.containsKey(text)) {
      throw new IllegalArgumentException("unrecognized descriptor: " + text);
    }
    String[] fields = NAMED.getOrDefault(text, text).strip().split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "expected exactly 5 fields, found %d: [%s]"
              .formatted(fields.length, String.join(" ", fields)));
    }
    return new CronFields(
        CronRange.MINUTE.bits(fields[0]),
        CronRange.HOUR.bits(fields[1]),
        CronRange.DAY.bits(fields[2]),
        CronRange.MONTH.bits(fields[3]),
        CronRange.WEEKDAY.bits(fields[4]),
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
}
