package minik8s.api.cron;

import java.util.List;
import java.util.Locale;

/** What may stand in one of the five fields, and how it is read. Immutable. Pure. */
enum CronRange {
  MINUTE(0, 59, ""),
  HOUR(0, 23, ""),
  DAY(1, 31, ""),
  MONTH(1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
  WEEKDAY(0, 6, "sun mon tue wed thu fri sat");

  private final int min;
  private final int max;
  private final String names;

  CronRange(int min, int max, String names) {
    this.min = min;
    this.max = max;
    this.names = names;
  }

  /**
   * The numbers of a list of ranges, one bit each.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  long bits(String list) {
    long bits = 0;
    for (String range : list.split(",", -1)) {
      bits |= range(range);
    }
    return bits;
  }

  private long range(String text) {
    String[] stepped = text.split("/", -1);
    String[] ends = stepped[0].split("-", -1);
    check(stepped.length <= 2, "too many slashes: " + text);
    int from = min;
    int to = max;
    if (!ends[0].equals("*") && !ends[0].equals("?")) {
      check(ends.length <= 2, "too many hyphens: " + text);
      from = numberOrName(ends[0]);
      if (ends.length == 2) {
        to = numberOrName(ends[1]);
      } else if (stepped.length == 1) {
        to = from;
      }
    }
    int step = stepped.length == 2 ? number(stepped[1]) : 1;
    check(step > 0, "step of range should be a positive number: " + text);
    check(from >= min, "beginning of range (" + from + ") below minimum (" + min + "): " + text);
    check(to <= max, "end of range (" + to + ") above maximum (" + max + "): " + text);
    check(
        from <= to, "beginning of range (" + from + ") beyond end of range (" + to + "): " + text);
    long bits = 0;
    for (int number = from; number <= to; number += step) {
      bits |= 1L << number;
    }
    return bits;
  }

  private int numberOrName(String text) {
    List<String> known = List.of(names.split(" ", -1));
    int named = text.isEmpty() ? -1 : known.indexOf(text.toLowerCase(Locale.ROOT));
    return named < 0 ? number(text) : named + min;
  }

  private static int number(String text) {
    check(
        text.matches("[0-9]{1,8}"),
        "failed to parse int from "
            + text
            + ": strconv.Atoi: parsing \""
            + text
            + "\": invalid syntax");
    return Integer.parseInt(text);
  }

  private static void check(boolean holds, String complaint) {
    if (!holds) {
      throw new IllegalArgumentException(complaint);
    }
  }
}
