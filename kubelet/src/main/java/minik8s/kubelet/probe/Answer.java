package minik8s.kubelet.probe;

/** The answer to one probe. Immutable; the text is for people. */
public record Answer(Verdict verdict, String text) {
  /** How it went. */
  public enum Verdict {
    SUCCESS,
    /** Counts as success, but people are told. */
    WARNING,
    FAILURE,
    /** The question could not be asked; counts as failure. */
    ERROR
  }

  static Answer success() {
    return new Answer(Verdict.SUCCESS, "");
  }

  static Answer failure(String text) {
    return new Answer(Verdict.FAILURE, text);
  }

  static Answer error(String text) {
    return new Answer(Verdict.ERROR, text);
  }

  /** Whether it counts as a success. */
  public boolean good() {
    return verdict == Verdict.SUCCESS || verdict == Verdict.WARNING;
  }
}
