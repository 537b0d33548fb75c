package minik8s.apiserver.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.FutureCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries raw bytes both ways between an upgraded client connection and a kubelet, whatever
 * protocol they speak. Takes the connection over from HTTP once the 101 is sent.
 *
 * <p>Client to kubelet runs when Jetty has bytes, kubelet to client on a virtual thread of its own.
 * The end of either side ends both. (A servlet's own upgrade would not do: its input of a GET is at
 * its end before the first byte.)
 */
final class Splice extends AbstractConnection implements Connection.UpgradeTo {
  private static final Logger log = LoggerFactory.getLogger(Splice.class);
  private static final int BUFFER = 16 * 1024;

  private final Socket kubelet;
  private final InputStream fromKubelet;
  private final ByteBuffer buffer = BufferUtil.allocate(BUFFER);

  /**
   * @param fromKubelet the socket's input, which may hold bytes that were read ahead
   */
  Splice(EndPoint client, Socket kubelet, InputStream fromKubelet) {
    super(client, Thread::startVirtualThread);
    this.kubelet = kubelet;
    this.fromKubelet = fromKubelet;
  }

  @Override
  public void onUpgradeTo(ByteBuffer readAhead) {
    BufferUtil.append(buffer, readAhead);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    Thread.ofVirtual().name("splice").start(this::answer);
    onFillable();
  }

  @Override
  public void onFillable() {
    try {
      int filled = buffer.remaining();
      while (filled > 0 || (filled = getEndPoint().fill(buffer)) > 0) {
        kubelet
            .getOutputStream()
            .write(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
        kubelet.getOutputStream().flush();
        BufferUtil.clear(buffer);
        filled = 0;
      }
      if (filled < 0) {
        close();
      } else {
        fillInterested();
      }
    } catch (IOException e) {
      log.debug("the kubelet takes no more: {}", e.getMessage());
      close();
    }
  }

  /** Copies what the kubelet says until it ends. */
  private void answer() {
    byte[] bytes = new byte[BUFFER];
    try {
      for (int read = fromKubelet.read(bytes); read >= 0; read = fromKubelet.read(bytes)) {
        FutureCallback written = new FutureCallback();
        getEndPoint().write(written, ByteBuffer.wrap(bytes, 0, read));
        written.get();
      }
    } catch (IOException | ExecutionException e) {
      log.debug("streaming ended: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  @Override
  public void onClose(Throwable cause) {
    super.onClose(cause);
    closeKubelet();
  }

  @Override
  public void close() {
    closeKubelet();
    super.close();
  }

  private void closeKubelet() {
    try {
      kubelet.close();
    } catch (IOException e) {
      log.debug("closing the kubelet side failed: {}", e.getMessage());
    }
  }
}
