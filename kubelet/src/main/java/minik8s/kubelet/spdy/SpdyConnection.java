package minik8s.kubelet.spdy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The server's side of one SPDY/3.1 connection over whatever carries its bytes. Bytes arrive by
 * {@link #received} on one thread at a time; streams may write from any thread.
 *
 * <p>Clients of Kubernetes use neither flow control nor priorities, so there is none: control
 * frames other than those that open, reset or ping are passed over.
 */
public final class SpdyConnection implements AutoCloseable {
  private static final int SYN_STREAM = 1;
  private static final int SYN_REPLY = 2;
  private static final int RST_STREAM = 3;
  private static final int PING = 6;
  private static final int VERSION = 0x8003;
  private static final int FIN = 1;
  private static final int HEAD = 8;
  private static final int MAX_DATA = 16 << 10;
  private static final int MAX_FRAME = 1 << 20;
  private static final int MAX_STREAMS = 1000;

  /** What carries the bytes. */
  public interface Wire {
    /** Sends a frame whole; called by one thread at a time. */
    void send(ByteBuffer frame) throws IOException;

    /** Ends the connection. */
    void close();
  }

  private final Wire wire;
  private final Consumer<SpdyStream> opened;
  private final SpdyHeaders headers = new SpdyHeaders();
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
  private final ReentrantLock sending = new ReentrantLock();
  private byte[] rest = new byte[0];
  private volatile boolean closed;

  /**
   * @param opened told of each stream that the client opens; must not block
   */
  public SpdyConnection(Wire wire, Consumer<SpdyStream> opened) {
    this.wire = wire;
    this.opened = opened;
  }

  /**
   * Takes the next bytes of the wire, however they are cut.
   *
   * @throws IOException when they are no SPDY; the connection is then of no more use
   */
  public void received(ByteBuffer bytes) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(rest.length + bytes.remaining());
    all.put(rest).put(bytes).flip();
    while (all.remaining() >= HEAD) {
      int length = all.getInt(all.position() + 4) & 0xffffff;
      requireSpdy(all.getInt(all.position()), length);
      if (all.remaining() < HEAD + length) {
        break;
      }
      int first = all.getInt();
      int flags = all.getInt() >>> 24;
      byte[] payload = new byte[length];
      all.get(payload);
      frame(first, flags, payload);
    }
    rest = new byte[all.remaining()];
    all.get(rest);
  }

  /** Before a frame is waited for: garbage could announce one of any size. */
  private static void requireSpdy(int first, int length) throws IOException {
    if ((first < 0 && first >>> 16 != VERSION) || length > MAX_FRAME) {
      throw new IOException("not SPDY/3: 0x" + Integer.toHexString(first));
    }
  }

  private void frame(int first, int flags, byte[] payload) throws IOException {
    if (first >= 0) {
      SpdyStream stream = streams.get(first);
      if (stream != null) {
        stream.received(payload);
        end(stream, flags);
      }
      return;
    }
    switch (first & 0xffff) {
      case SYN_STREAM -> open(flags, payload);
      case PING -> control(PING, payload);
      case RST_STREAM -> {
        SpdyStream stream = streams.remove(id(payload));
        if (stream != null) {
          stream.lost();
        }
      }
      default -> {}
    }
  }

  private void open(int flags, byte[] payload) throws IOException {
    if (payload.length < 10 || streams.size() >= MAX_STREAMS) {
      throw new IOException("SPDY stream refused");
    }
    byte[] block = new byte[payload.length - 10];
    System.arraycopy(payload, 10, block, 0, block.length);
    int id = id(payload);
    SpdyStream stream = new SpdyStream(this, id, headers.read(block));
    streams.put(id, stream);
    sending.lock();
    try {
      // Under the lock, because blocks must leave in the order in which they were packed.
      byte[] reply = headers.write(Map.of());
      control(SYN_REPLY, ByteBuffer.allocate(4 + reply.length).putInt(id).put(reply).array());
    } finally {
      sending.unlock();
    }
    end(stream, flags);
    opened.accept(stream);
  }

  private static void end(SpdyStream stream, int flags) throws IOException {
    if ((flags & FIN) != 0) {
      stream.receivedEnd();
    }
  }

  private static int id(byte[] payload) throws IOException {
    if (payload.length < 4) {
      throw new IOException("malformed SPDY frame");
    }
    return ByteBuffer.wrap(payload).getInt() & Integer.MAX_VALUE;
  }

  private void control(int type, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(HEAD + payload.length);
    frame.putInt(VERSION << 16 | type).putInt(payload.length).put(payload).flip();
    send(frame);
  }

  /** Sends a piece of a stream, in frames of a size that every client takes. */
  void data(int stream, byte[] bytes, int from, int count, boolean last) throws IOException {
    int at = from;
    int left = count;
    do {
      int size = Math.min(left, MAX_DATA);
      int flags = last && size == left ? FIN : 0;
      ByteBuffer frame = ByteBuffer.allocate(HEAD + size);
      frame.putInt(stream).putInt(flags << 24 | size).put(bytes, at, size).flip();
      send(frame);
      at += size;
      left -= size;
    } while (left > 0);
  }

  private void send(ByteBuffer frame) throws IOException {
    sending.lock();
    try {
      if (closed) {
        throw new IOException("connection closed");
      }
      wire.send(frame);
    } finally {
      sending.unlock();
    }
  }

  /** A stream is over on both sides. */
  public void forget(SpdyStream stream) {
    streams.values().remove(stream);
  }

  /** Whether no stream is open. */
  public boolean idle() {
    return streams.isEmpty();
  }

  /** The wire is gone: whoever reads a stream comes to its end. */
  public void lost() {
    closed = true;
    streams.values().forEach(SpdyStream::lost);
    streams.clear();
  }

  @Override
  public void close() {
    lost();
    wire.close();
    sending.lock();
    try {
      headers.close();
    } finally {
      sending.unlock();
    }
  }
}
