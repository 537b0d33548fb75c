package minik8s.apiserver.rest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.FutureCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch over a WebSocket: one text message for each event. Takes the connection over from HTTP
 * once the 101 is sent.
 *
 * <p>The watch runs on a virtual thread; pings are answered, and the client's end noticed, when
 * Jetty has bytes. Both write under one lock.
 */
final class WebSocketWatch extends AbstractConnection implements Connection.UpgradeTo, WatchSink {
  private static final Logger log = LoggerFactory.getLogger(WebSocketWatch.class);
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int BUFFER = 1024;
  private static final byte[] NORMAL_CLOSURE = {3, (byte) 232};

  /** What runs once the socket is open. */
  @FunctionalInterface
  interface Watch {
    /** Tells events into the sink until it is over. */
    void run(WebSocketWatch sink) throws IOException;
  }

  private final Watch watch;
  private final ByteBuffer buffer = BufferUtil.allocate(BUFFER);
  private volatile boolean ended;
  private volatile @Nullable Thread teller;

  WebSocketWatch(EndPoint client, Watch watch) {
    super(client, Thread::startVirtualThread);
    this.watch = watch;
  }

  /** Whether the client is gone. */
  boolean ended() {
    return ended;
  }

  @Override
  public void onUpgradeTo(ByteBuffer readAhead) {
    BufferUtil.append(buffer, readAhead);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    teller = Thread.ofVirtual().name("watch-socket").start(this::tell);
    fillInterested();
  }

  private void tell() {
    try {
      watch.run(this);
      frame(CLOSE, NORMAL_CLOSURE);
    } catch (IOException e) {
      log.debug("watch over WebSocket ended: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.warn("watch over WebSocket failed", e);
    } finally {
      close();
    }
  }

  @Override
  public void onFillable() {
    try {
      int filled = getEndPoint().fill(buffer);
      boolean full = false;
      while (filled > 0 && !full && !ended) {
        listen();
        full = BufferUtil.isFull(buffer);
        filled = full ? 0 : getEndPoint().fill(buffer);
      }
      if (filled < 0 || full || ended) {
        end();
      } else {
        fillInterested();
      }
    } catch (IOException e) {
      log.debug("client of a watch over WebSocket is gone: {}", e.getMessage());
      end();
    }
  }

  /** Takes the whole frames out of the buffer; a client has nothing long to say here. */
  private void listen() throws IOException {
    while (buffer.remaining() >= 2) {
      int at = buffer.position();
      int operation = buffer.get(at) & 15;
      int length = buffer.get(at + 1) & 127;
      boolean masked = (buffer.get(at + 1) & 128) != 0;
      int head = masked ? 6 : 2;
      if (operation == CLOSE || length > 125) {
        end();
        return;
      }
      if (buffer.remaining() < head + length) {
        break;
      }
      byte[] content = new byte[length];
      for (int i = 0; i < length; i++) {
        byte mask = masked ? buffer.get(at + 2 + (i & 3)) : 0;
        content[i] = (byte) (buffer.get(at + head + i) ^ mask);
      }
      buffer.position(at + head + length);
      if (operation == PING) {
        frame(PONG, content);
      }
    }
    BufferUtil.compact(buffer);
  }

  private void end() {
    ended = true;
    Thread told = teller;
    if (told != null) {
      LockSupport.unpark(told);
    }
  }

  @Override
  public void onClose(Throwable cause) {
    super.onClose(cause);
    end();
  }

  @Override
  public void event(byte[] prefix, byte[] object) throws IOException {
    byte[] message = new byte[prefix.length + object.length + 1];
    System.arraycopy(prefix, 0, message, 0, prefix.length);
    System.arraycopy(object, 0, message, prefix.length, object.length);
    message[message.length - 1] = '}';
    frame(TEXT, message);
  }

  private synchronized void frame(int operation, byte[] content) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(10);
    head.put((byte) (128 | operation));
    if (content.length < 126) {
      head.put((byte) content.length);
    } else if (content.length < 65_536) {
      head.put((byte) 126).putShort((short) content.length);
    } else {
      head.put((byte) 127).putLong(content.length);
    }
    FutureCallback written = new FutureCallback();
    getEndPoint().write(written, head.flip(), ByteBuffer.wrap(content));
    try {
      written.get();
    } catch (ExecutionException e) {
      throw new IOException("the client is gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing", e);
    }
  }

  @Override
  public void flush() {
    // Every frame is sent as it is made.
  }
}
