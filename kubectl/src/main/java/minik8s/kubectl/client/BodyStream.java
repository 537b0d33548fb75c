package minik8s.kubectl.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The body of an answer, with chunks joined or cut at its length; gives its connection back when it
 * ends. Confined to one thread.
 */
final class BodyStream extends InputStream {
  /** Length of a body that lasts until the connection closes. */
  static final long UNTIL_CLOSE = -1;

  /** Length of a body that comes in chunks. */
  static final long CHUNKED = -2;

  private final InputStream in;
  private final Runnable done;
  private final long kind;
  private long left;
  private boolean finished;
  private boolean firstChunk = true;

  BodyStream(InputStream in, long length, Runnable done) {
    this.in = in;
    this.kind = length;
    this.left = Math.max(length, 0);
    this.done = done;
    if (length == 0) {
      finish();
    }
  }

  boolean finished() {
    return finished;
  }

  private void finish() {
    if (!finished) {
      finished = true;
      done.run();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n = read(one, 0, 1);
    return n < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (finished) {
      return -1;
    }
    if (kind == UNTIL_CLOSE) {
      int n = in.read(buffer, offset, length);
      if (n < 0) {
        finished = true;
      }
      return n;
    }
    if (left == 0 && !nextChunk()) {
      return -1;
    }
    int n = in.read(buffer, offset, (int) Math.min(length, left));
    if (n < 0) {
      throw new EOFException("unexpected EOF");
    }
    left -= n;
    if (left == 0 && kind != CHUNKED) {
      finish();
    }
    return n;
  }

  private boolean nextChunk() throws IOException {
    if (!firstChunk) {
      line(in);
    }
    firstChunk = false;
    String size = line(in);
    int end = size.indexOf(';');
    left = Long.parseLong((end < 0 ? size : size.substring(0, end)).strip(), 16);
    if (left > 0) {
      return true;
    }
    while (!line(in).isEmpty()) {
      // trailers carry nothing of interest
      left = 0;
    }
    finish();
    return false;
  }

  /** One line of a header without its line break. */
  static String line(InputStream in) throws IOException {
    byte[] buffer = new byte[256];
    int n = 0;
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException(n == 0 ? "EOF" : "unexpected EOF");
      }
      if (n == buffer.length) {
        buffer = java.util.Arrays.copyOf(buffer, n * 2);
      }
      buffer[n++] = (byte) c;
    }
    if (n > 0 && buffer[n - 1] == '\r') {
      n--;
    }
    return new String(buffer, 0, n, StandardCharsets.UTF_8);
  }
}
