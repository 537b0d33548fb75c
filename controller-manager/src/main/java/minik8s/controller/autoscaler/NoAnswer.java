package minik8s.controller.autoscaler;

/** A measure from which no size follows, with the reason as a sentence. */
final class NoAnswer extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoAnswer(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }

  /** The same, seen from one step further out. */
  NoAnswer within(String what) {
    return new NoAnswer(what + ": " + why());
  }
}
