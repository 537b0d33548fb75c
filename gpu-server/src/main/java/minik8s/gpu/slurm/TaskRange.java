package minik8s.gpu.slurm;

/** Sets of array tasks as Slurm writes them: {@code [2-5,9,20-30:2%3]}. Stateless. */
final class TaskRange {
  private TaskRange() {}

  /** How many tasks a range holds; Slurm may cut long ones off with dots, then at least these. */
  static int count(String range) {
    String text = range.replace("[", "").replace("]", "").replaceAll("%\\d+$", "");
    int count = 0;
    for (String part : text.split(",")) {
      count += one(part);
    }
    return Math.max(count, 1);
  }

  private static int one(String part) {
    try {
      int colon = part.indexOf(':');
      int step = colon < 0 ? 1 : Math.max(1, Integer.parseInt(part.substring(colon + 1)));
      String span = colon < 0 ? part : part.substring(0, colon);
      int dash = span.indexOf('-');
      if (dash < 0) {
        return span.isEmpty() || !Character.isDigit(span.charAt(0)) ? 0 : 1;
      }
      int from = Integer.parseInt(span.substring(0, dash));
      int to = Integer.parseInt(span.substring(dash + 1));
      return Math.max(0, (to - from) / step + 1);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
