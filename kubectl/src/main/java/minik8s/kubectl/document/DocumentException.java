package minik8s.kubectl.document;

import org.jspecify.annotations.Nullable;

/** Text that is neither valid JSON nor valid YAML, with the line where reading stopped. */
public final class DocumentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  /** A complaint about a line, counted from 1; 0 when no line is known. */
  public DocumentException(String message, int line) {
    this(message, line, null);
  }

  /** A complaint about a line with the parser's own failure. */
  public DocumentException(String message, int line, @Nullable Throwable cause) {
    super(message, cause);
    this.line = line;
  }

  /** The line, counted from 1, or 0. */
  public int line() {
    return line;
  }
}
