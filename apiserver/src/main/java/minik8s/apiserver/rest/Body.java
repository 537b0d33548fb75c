package minik8s.apiserver.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import minik8s.api.Failure;

/** Reads request bodies within the limit. Stateless. */
final class Body {
  /** Source: apiserver's {@code MaxRequestBodyBytes}. */
  private static final int LIMIT = 3 * 1024 * 1024;

  /** How much of a refused body is read all the same, in bytes. */
  private static final long DRAIN = 64L * 1024 * 1024;

  private Body() {}

  /** The whole body; throws RequestEntityTooLarge beyond 3 MiB. */
  static byte[] read(HttpServletRequest request) throws IOException {
    if (request.getContentLengthLong() > LIMIT) {
      throw refuse(request);
    }
    byte[] body = request.getInputStream().readNBytes(LIMIT + 1);
    if (body.length > LIMIT) {
      throw refuse(request);
    }
    return body;
  }

  /**
   * Takes the rest first: a client that is still sending sees a broken pipe instead of the answer.
   */
  private static RuntimeException refuse(HttpServletRequest request) throws IOException {
    long _ = request.getInputStream().skip(DRAIN);
    return tooLarge();
  }

  private static RuntimeException tooLarge() {
    return Failure.tooLarge("Request entity too large: limit is " + LIMIT).asException();
  }
}
