package minik8s.kubelet.volume;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A file to be: bytes and permission bits. Immutable by agreement: nobody changes the bytes. */
public final class Payload {
  private final byte[] bytes;
  private final int mode;

  public Payload(byte[] bytes, int mode) {
    this.bytes = bytes;
    this.mode = mode;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int mode() {
    return mode;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload payload
        && mode == payload.mode
        && Arrays.equals(bytes, payload.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes) + mode;
  }
}
