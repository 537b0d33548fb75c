package minik8s.kubectl.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a WebSocket with binary messages. One thread may read while others write.
 */
public final class WebSocket implements AutoCloseable {
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final InputStream in;
  private final OutputStream out;
  private final Runnable hangUp;

  /** A socket on streams after the handshake. */
  WebSocket(InputStream in, OutputStream out, Runnable hangUp) {
    this.in = in;
    this.out = out;
    this.hangUp = hangUp;
  }

  /** Opens a WebSocket; a refusal of the server is thrown as such. */
  public static WebSocket open(ApiServer server, String path, List<String> protocols) {
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    List<String> headers =
        List.of(
            "Connection", "Upgrade",
            "Upgrade", "websocket",
            "Sec-WebSocket-Version", "13",
            "Sec-WebSocket-Key", Base64.getEncoder().encodeToString(nonce),
            "Sec-WebSocket-Protocol", String.join(", ", protocols));
    Response response = server.upgrade(path, headers);
    Wire wire = response.wire();
    return new WebSocket(wire.in, wire.out, wire::close);
  }

  /** Sends one binary message. */
  public void send(byte[] payload) throws IOException {
    frame(BINARY, payload);
  }

  private synchronized void frame(int opcode, byte[] payload) throws IOException {
    out.write(encode(opcode, payload, ThreadLocalRandom.current().nextInt()));
    out.flush();
  }

  /** One masked frame. */
  static byte[] encode(int opcode, byte[] payload, int mask) {
    int size = payload.length;
    int head = size < 126 ? 2 : size < 65_536 ? 4 : 10;
    byte[] frame = new byte[head + 4 + size];
    frame[0] = (byte) (0x80 | opcode);
    if (size < 126) {
      frame[1] = (byte) (0x80 | size);
    } else if (size < 65_536) {
      frame[1] = (byte) (0x80 | 126);
      frame[2] = (byte) (size >> 8);
      frame[3] = (byte) size;
    } else {
      frame[1] = (byte) (0x80 | 127);
      for (int i = 0; i < 4; i++) {
        frame[6 + i] = (byte) (size >> (24 - 8 * i));
      }
    }
    for (int i = 0; i < 4; i++) {
      frame[head + i] = (byte) (mask >> (24 - 8 * i));
    }
    for (int i = 0; i < size; i++) {
      frame[head + 4 + i] = (byte) (payload[i] ^ frame[head + (i & 3)]);
    }
    return frame;
  }

  /** The next message, or null when the other side has closed. */
  public byte @Nullable [] receive() throws IOException {
    byte[] message = new byte[0];
    while (true) {
      int first = in.read();
      if (first < 0) {
        return null;
      }
      byte[] payload = payload();
      switch (first & 0x0f) {
        case CLOSE -> {
          frame(CLOSE, java.util.Arrays.copyOf(payload, Math.min(2, payload.length)));
          return null;
        }
        case PING -> frame(PONG, payload);
        case 0, TEXT, BINARY -> {
          message = join(message, payload);
          if ((first & 0x80) != 0) {
            return message;
          }
        }
        default -> {
          // pongs and what is not known say nothing
        }
      }
    }
  }

  private byte[] payload() throws IOException {
    int second = in.read();
    long size = second & 0x7f;
    if (size == 126) {
      size = number(2);
    } else if (size == 127) {
      size = number(8);
    }
    if (size < 0 || size > 1 << 28) {
      throw new IOException("websocket frame of " + size + " bytes");
    }
    byte[] mask = (second & 0x80) != 0 ? exactly(4) : new byte[4];
    byte[] payload = exactly((int) size);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return payload;
  }

  private long number(int bytes) throws IOException {
    long out = 0;
    for (byte b : exactly(bytes)) {
      out = out << 8 | (b & 0xff);
    }
    return out;
  }

  private byte[] exactly(int size) throws IOException {
    byte[] out = in.readNBytes(size);
    if (out.length < size) {
      throw new EOFException("websocket: unexpected EOF");
    }
    return out;
  }

  private static byte[] join(byte[] a, byte[] b) {
    if (a.length == 0) {
      return b;
    }
    byte[] out = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  @Override
  public void close() {
    hangUp.run();
  }
}
