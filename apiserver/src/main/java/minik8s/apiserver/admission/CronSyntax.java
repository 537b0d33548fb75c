package minik8s.apiserver.admission;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The syntax of cron schedules. Stateless.
 *
 * <p>Source of grammar and texts: the parser {@code robfig/cron} that Kubernetes uses.
 */
final class CronSyntax {
  private static final Set<String> NAMED =
      Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private record Bounds(int min, int max, List<String> names) {}

  private static final List<Bounds> FIELDS =
      List.of(
          new Bounds(0, 59, List.of()),
          new Bounds(0, 23, List.of()),
          new Bounds(1, 31, List.of()),
          new Bounds(1, 12, MONTHS),
          new Bounds(0, 6, DAYS));

  private CronSyntax() {}

  /** The sentence about what is wrong; empty when nothing is. */
  static String problem(String schedule) {
    if (schedule.contains("TZ=")) {
      return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    }
    if (schedule.startsWith("@")) {
      boolean known = NAMED.contains(schedule) || schedule.matches("@every ([0-9]+(h|m|s|ms))+");
      return known ? "" : "unrecognized descriptor: " + schedule;
    }
    String[] fields = schedule.strip().split("\\s+");
    if (fields.length != 5) {
      return "expected exactly 5 fields, found %d: %s"
          .formatted(fields.length, List.of(fields))
          .replaceAll(", (?=[^\\[]*]$)", " ");
    }
    for (int i = 0; i < 5; i++) {
      for (String range : fields[i].split(",", -1)) {
        String problem = range(range, FIELDS.get(i));
        if (!problem.isEmpty()) {
          return problem;
        }
      }
    }
    return "";
  }

  private static String range(String text, Bounds bounds) {
    String[] stepped = text.split("/", -1);
    String[] ends = stepped[0].split("-", -1);
    if (stepped.length > 2) {
      return "too many slashes: " + text;
    }
    int start = bounds.min;
    int end = bounds.max;
    if (!ends[0].equals("*") && !ends[0].equals("?")) {
      if (ends.length > 2) {
        return "too many hyphens: " + text;
      }
      start = number(ends[0], bounds);
      end = ends.length == 2 ? number(ends[1], bounds) : stepped.length == 2 ? bounds.max : start;
      if (start < 0 || end < 0) {
        String bad = start < 0 ? ends[0] : ends[1];
        return "failed to parse int from %s: strconv.Atoi: parsing \"%s\": invalid syntax"
            .formatted(bad, bad);
      }
    }
    if (stepped.length == 2) {
      int step = number(stepped[1], new Bounds(0, 0, List.of()));
      if (step < 0) {
        return "failed to parse int from %s: strconv.Atoi: parsing \"%s\": invalid syntax"
            .formatted(stepped[1], stepped[1]);
      }
      if (step == 0) {
        return "step of range should be a positive number: " + text;
      }
    }
    if (start < bounds.min) {
      return "beginning of range (%d) below minimum (%d): %s".formatted(start, bounds.min, text);
    }
    if (end > bounds.max) {
      return "end of range (%d) above maximum (%d): %s".formatted(end, bounds.max, text);
    }
    return start > end
        ? "beginning of range (%d) beyond end of range (%d): %s".formatted(start, end, text)
        : "";
  }

  private static int number(String text, Bounds bounds) {
    int named = bounds.names.indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + bounds.min;
    }
    if (text.isEmpty() || text.length() > 8 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Integer.parseInt(text);
  }
}
