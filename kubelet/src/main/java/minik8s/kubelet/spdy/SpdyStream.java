package minik8s.kubelet.spdy;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One stream that the client opened: bytes both ways, each way ended by itself. Thread-safe; one
 * reader.
 */
public final class SpdyStream {
  /** No piece that is received is empty. */
  private static final byte[] END = new byte[0];

  /** Pieces that wait for the reader; beyond it the connection waits, as SPDY has no other way. */
  private static final int WAITING = 64;

  private final SpdyConnection connection;
  private final int id;
  private final Map<String, String> headers;
  private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(WAITING);
  private volatile boolean gone;
  private volatile boolean lost;
  private boolean ended;
  private boolean finished;

  SpdyStream(SpdyConnection connection, int id, Map<String, String> headers) {
    this.connection = connection;
    this.id = id;
    this.headers = Map.copyOf(headers);
  }

  /** A header by its lower-case name; empty when absent. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /**
   * Blocks for the next piece; null when the client will send no more.
   *
   * @throws IOException when the client has left
   */
  public byte @Nullable [] read() throws IOException {
    if (ended) {
      return null;
    }
    try {
      byte[] piece = pieces.take();
      ended = piece.length == 0;
      if (ended && lost) {
        throw new IOException("client left");
      }
      return ended ? null : piece;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  void received(byte[] piece) throws IOException {
    if (piece.length > 0) {
      put(piece);
    }
  }

  void receivedEnd() throws IOException {
    put(END);
  }

  private void put(byte[] piece) throws IOException {
    try {
      if (!gone) {
        pieces.put(piece);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The connection is lost, or the client gave the stream up: whoever reads comes to the end. */
  void lost() {
    lost = true;
    gone = true;
    if (!pieces.offer(END)) {
      pieces.clear();
      var _ = pieces.offer(END);
    }
  }

  /** Nobody will read any more: what still comes is dropped. */
  public void ignore() {
    gone = true;
    pieces.clear();
  }

  /** Sends bytes. */
  public void write(byte[] bytes, int from, int count) throws IOException {
    connection.data(id, bytes, from, count, false);
  }

  /** Sends bytes. */
  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  /** Says that no more will be sent; once is enough. */
  public void finish() throws IOException {
    synchronized (this) {
      if (finished) {
        return;
      }
      finished = true;
    }
    connection.data(id, END, 0, 0, true);
  }
}
