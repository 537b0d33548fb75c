package minik8s.kubectl.client;

import org.jspecify.annotations.Nullable;

/** A failure told to the user as it stands: the whole message and the exit code. */
public class KubectlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A failure that prints this message and exits with 1. */
  public KubectlException(String message) {
    this(message, 1, null);
  }

  /** A failure that prints this message and exits with this code. */
  public KubectlException(String message, int exitCode) {
    this(message, exitCode, null);
  }

  /** A failure with its cause. */
  public KubectlException(String message, int exitCode, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A failure of the ordinary kind: {@code error: message}, exit code 1. */
  public static KubectlException error(String message) {
    return new KubectlException(message.startsWith("error: ") ? message : "error: " + message);
  }

  /** What is printed on standard error; empty for nothing. */
  public String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** The process's exit code. */
  public int exitCode() {
    return exitCode;
  }
}
