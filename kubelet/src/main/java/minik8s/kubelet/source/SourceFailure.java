package minik8s.kubelet.source;

/** A value that a pod asks for is not there; the message is for the user. */
public final class SourceFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SourceFailure(String message) {
    super(message, null, false, false);
  }
}
