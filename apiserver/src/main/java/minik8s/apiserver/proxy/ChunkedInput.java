package minik8s.apiserver.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The content of a body in chunked transfer coding. Confined to one thread. */
final class ChunkedInput extends InputStream {
  private final InputStream in;
  private long left;
  private boolean ended;

  ChunkedInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** Gives what the present chunk has, without waiting for the next one. */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (left == 0 && !ended) {
      left = Long.parseLong(ResponseHead.line(in).split(";", 2)[0].strip(), 16);
      ended = left == 0;
    }
    if (ended) {
      return -1;
    }
    int read = in.read(buffer, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException("the connection ended in the middle of a chunk");
    }
    left -= read;
    if (left == 0) {
      String end = ResponseHead.line(in);
      if (!end.isEmpty()) {
        throw new IOException("malformed chunk end: " + end);
      }
    }
    return read;
  }
}
