package minik8s.kubectl;

/** One line about a failure that nobody foresaw. Stateless. */
final class Unexpected {
  private Unexpected() {}

  static String text(RuntimeException e) {
    String message = e.getMessage();
    StackTraceElement[] stack = e.getStackTrace();
    String where = stack.length == 0 ? "" : " (at " + stack[0] + ")";
    return "unexpected failure: "
        + e.getClass().getSimpleName()
        + (message == null ? "" : ": " + message)
        + where;
  }
}
