package minik8s.apiserver.rest;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch over a WebSocket: one text message for each event.
 *
 * <p>The watch runs on one virtual thread, another answers pings and notices the client's end; they
 * share the output under a lock.
 */
public final class WebSocketWatch implements HttpUpgradeHandler, WatchSink {
  private static final Logger log = LoggerFactory.getLogger(WebSocketWatch.class);
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int LONGEST_CONTROL = 125;
  private static final byte[] NORMAL_CLOSURE = {3, (byte) 232};

  /** What runs once the socket is open. */
  @FunctionalInterface
  interface Watch {
    /** Tells events into the sink until it is over. */
    void run(WatchSink sink) throws IOException;
  }

  private @Nullable Watch watch;
  private @Nullable OutputStream out;
  private volatile boolean closed;

  /** Made by the servlet container, which then calls {@link #init}. */
  public WebSocketWatch() {}

  /** Says what to run. */
  void run(Watch toRun) {
    watch = toRun;
  }

  /** Whether the client is gone. */
  boolean closed() {
    return closed;
  }

  @Override
  public void init(WebConnection connection) {
    Watch toRun = watch;
    if (toRun == null) {
      throw new IllegalStateException("upgraded without a watch");
    }
    Thread teller =
        Thread.ofVirtual().name("watch-socket").unstarted(() -> tell(toRun, connection));
    try {
      out = new BufferedOutputStream(connection.getOutputStream(), 4096);
    } catch (IOException e) {
      log.debug("socket died at birth: {}", e.getMessage());
      return;
    }
    teller.start();
    Thread.ofVirtual().name("watch-socket-in").start(() -> listen(connection, teller));
  }

  private void tell(Watch toRun, WebConnection connection) {
    try (connection) {
      toRun.run(this);
      frame(CLOSE, NORMAL_CLOSURE);
      flush();
    } catch (IOException e) {
      log.debug("watch over WebSocket ended: {}", e.getMessage());
    } catch (Exception e) {
      log.warn("watch over WebSocket failed", e);
    } finally {
      closed = true;
    }
  }

  private void listen(WebConnection connection, Thread teller) {
    try {
      DataInputStream in = new DataInputStream(connection.getInputStream());
      while (!closed) {
        int operation = in.readUnsignedByte() & 15;
        byte[] content = content(in);
        if (operation == CLOSE) {
          break;
        }
        if (operation == PING) {
          frame(PONG, content);
          flush();
        }
      }
    } catch (IOException e) {
      log.debug("client of a watch over WebSocket is gone: {}", e.getMessage());
    }
    closed = true;
    LockSupport.unpark(teller);
  }

  /** Clients say nothing that matters here, so only short messages are kept, and unmasked. */
  private static byte[] content(DataInputStream in) throws IOException {
    int second = in.readUnsignedByte();
    long length = second & 127;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] mask = new byte[4];
    if ((second & 128) != 0) {
      in.readFully(mask);
    }
    if (length > LONGEST_CONTROL) {
      in.skipNBytes(length);
      return new byte[0];
    }
    byte[] content = in.readNBytes((int) length);
    for (int i = 0; i < content.length; i++) {
      content[i] ^= mask[i & 3];
    }
    return content;
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
    OutputStream to = open();
    to.write(128 | operation);
    if (content.length < 126) {
      to.write(content.length);
    } else if (content.length < 65_536) {
      to.write(126);
      to.write(content.length >> 8);
      to.write(content.length);
    } else {
      to.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        to.write((int) ((long) content.length >> shift));
      }
    }
    to.write(content);
  }

  @Override
  public synchronized void flush() throws IOException {
    open().flush();
  }

  private OutputStream open() throws IOException {
    OutputStream to = out;
    if (to == null) {
      throw new IOException("the socket is not open");
    }
    return to;
  }

  @Override
  public void destroy() {
    closed = true;
  }
}
