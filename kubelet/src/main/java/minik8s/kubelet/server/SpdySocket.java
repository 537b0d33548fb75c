package minik8s.kubelet.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import minik8s.kubelet.spdy.SpdyConnection;
import minik8s.kubelet.spdy.SpdyStream;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SPDY inside the binary messages of a WebSocket, as kubectl tunnels it since 1.31. Messages arrive
 * on Jetty's threads one at a time.
 */
public final class SpdySocket implements Session.Listener.AutoDemanding, SpdyConnection.Wire {
  private static final Logger LOG = LoggerFactory.getLogger(SpdySocket.class);

  private final SpdyConnection spdy;
  private volatile @Nullable Session session;

  SpdySocket(Consumer<SpdyStream> opened, SpdyUpgrade.SpdyHolder holder) {
    this.spdy = new SpdyConnection(this, opened);
    holder.set(spdy);
  }

  @Override
  public void onWebSocketOpen(Session socket) {
    session = socket;
  }

  @Override
  public void onWebSocketBinary(ByteBuffer message, Callback callback) {
    try {
      spdy.received(message);
      callback.succeed();
    } catch (IOException e) {
      LOG.debug("tunnel ended: {}", e.getMessage());
      callback.fail(e);
      spdy.close();
    }
  }

  @Override
  public void send(ByteBuffer frame) throws IOException {
    Session open = session;
    if (open == null) {
      throw new IOException("not open");
    }
    Callback.Completable sent = new Callback.Completable();
    open.sendBinary(frame, sent);
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new IOException("client left", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    Session open = session;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    spdy.lost();
  }

  @Override
  public void onWebSocketClose(int code, String reason, Callback callback) {
    spdy.lost();
    callback.succeed();
  }
}
