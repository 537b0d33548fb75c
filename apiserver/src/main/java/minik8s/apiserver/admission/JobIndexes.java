package minik8s.apiserver.admission;

/**
 * Lists of indexes such as {@code 1,3-5}, in rising order. Stateless. Source: Kubernetes' {@code
 * pkg/apis/batch/validation}.
 */
final class JobIndexes {
  private JobIndexes() {}

  /**
   * How many indexes are listed.
   *
   * @param completions all indexes are less
   * @throws IllegalArgumentException saying what is wrong
   */
  static long count(String list, long completions) {
    if (list.isEmpty()) {
      return 0;
    }
    long total = 0;
    long last = -1;
    for (String interval : list.split(",", -1)) {
      String[] ends = interval.split("-", -1);
      if (ends.length > 2) {
        throw new IllegalArgumentException(
            "the fragment "
                + FieldError.quote(interval)
                + " violates the requirement that an index interval can have at most two parts"
                + " separated by '-'");
      }
      long from = index(ends[0], completions);
      long to = from;
      if (ends.length == 2) {
        to = index(ends[1], completions);
        rising(from, to);
      }
      if (total > 0) {
        rising(last, from);
      }
      total += to - from + 1;
      last = to;
    }
    return total;
  }

  private static long index(String text, long completions) {
    if (!text.matches("[0-9]+")) {
      throw new IllegalArgumentException(
          "cannot convert string to integer for index: " + FieldError.quote(text));
    }
    if (text.length() > 10 || Long.parseLong(text) >= completions) {
      throw new IllegalArgumentException("too large index: " + FieldError.quote(text));
    }
    return Long.parseLong(text);
  }

  private static void rising(long previous, long current) {
    if (previous >= current) {
      throw new IllegalArgumentException(
          "non-increasing order, previous: " + previous + ", current: " + current);
    }
  }
}
