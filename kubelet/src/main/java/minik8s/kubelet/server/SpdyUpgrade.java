package minik8s.kubelet.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import minik8s.kubelet.spdy.SpdyConnection;
import minik8s.kubelet.spdy.SpdyStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.FutureCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SPDY straight over an upgraded HTTP connection, as kubectl speaks it up to 1.30. Takes the
 * connection over from HTTP once the 101 is sent; bytes arrive on a virtual thread.
 */
final class SpdyUpgrade extends AbstractConnection
    implements Connection.UpgradeTo, SpdyConnection.Wire {
  private static final Logger LOG = LoggerFactory.getLogger(SpdyUpgrade.class);
  private static final int BUFFER = 32 << 10;
  private static final String PROTOCOL = "SPDY/3.1";
  private static final String VERSIONS = "X-Stream-Protocol-Version";

  private final SpdyConnection spdy;
  private final ByteBuffer buffer = BufferUtil.allocate(BUFFER);

  private SpdyUpgrade(EndPoint client, Consumer<SpdyStream> opened, SpdyHolder holder) {
    super(client, Thread::startVirtualThread);
    this.spdy = new SpdyConnection(this, opened);
    holder.set(spdy);
  }

  /** Where the one who handles streams finds their connection. */
  interface SpdyHolder {
    void set(SpdyConnection connection);
  }

  /** Whether the request asks for it. */
  static boolean asked(Request request) {
    return PROTOCOL.equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
  }

  /** The first of our versions that the client offers; empty when there is none. */
  static String version(Request request, String... ours) {
    java.util.List<String> offered = request.getHeaders().getCSV(VERSIONS, false);
    for (String version : ours) {
      if (offered.contains(version)) {
        return version;
      }
    }
    return "";
  }

  /** Answers with 101 and goes on with SPDY. */
  static void begin(
      Request request,
      Response response,
      Callback callback,
      String version,
      Consumer<SpdyStream> opened,
      SpdyHolder holder) {
    response.setStatus(101);
    response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    response.getHeaders().put(HttpHeader.UPGRADE, PROTOCOL);
    response.getHeaders().put(VERSIONS, version);
    EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
    request.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, new SpdyUpgrade(client, opened, holder));
    callback.succeeded();
  }

  @Override
  public void onUpgradeTo(ByteBuffer readAhead) {
    BufferUtil.append(buffer, readAhead);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    onFillable();
  }

  @Override
  public void onFillable() {
    try {
      int filled = buffer.remaining();
      while (filled > 0 || (filled = getEndPoint().fill(buffer)) > 0) {
        spdy.received(buffer);
        BufferUtil.clear(buffer);
        filled = 0;
      }
      if (filled < 0) {
        spdy.close();
      } else {
        fillInterested();
      }
    } catch (IOException e) {
      LOG.debug("streaming ended: {}", e.getMessage());
      spdy.close();
    }
  }

  @Override
  public void send(ByteBuffer frame) throws IOException {
    FutureCallback written = new FutureCallback();
    getEndPoint().write(written, frame);
    try {
      written.get();
    } catch (ExecutionException e) {
      throw new IOException("client left", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void onClose(Throwable cause) {
    super.onClose(cause);
    spdy.lost();
  }
}
