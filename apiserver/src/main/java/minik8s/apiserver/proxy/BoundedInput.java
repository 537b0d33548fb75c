package minik8s.apiserver.proxy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The content of a body of known length. Confined to one thread. */
final class BoundedInput extends FilterInputStream {
  private long left;

  BoundedInput(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int read = super.read(buffer, offset, (int) Math.min(length, left));
    left -= Math.max(0, read);
    return read;
  }
}
