package minik8s.kubectl.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** One open connection to the server, plain or TLS. Confined to one thread but for closing. */
final class Wire implements AutoCloseable {
  private static final int CONNECT_MILLIS = 30_000;

  /**
   * Closing TLS waits for the peer's farewell; a server that still writes a watch would never say
   * it.
   */
  private static final int FAREWELL_MILLIS = 1;

  final Socket socket;
  final InputStream in;
  final OutputStream out;
  boolean used;

  private Wire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 16_384);
    this.out = socket.getOutputStream();
  }

  static Wire open(Endpoint endpoint, @Nullable Tls tls) throws IOException {
    if (tls == null) {
      return new Wire(connect(endpoint));
    }
    Socket first = connect(endpoint);
    try {
      return new Wire(tls.wrap(first, true));
    } catch (SSLHandshakeException e) {
      first.close();
      if (!String.valueOf(e.getMessage()).contains("handshake_failure")) {
        throw e;
      }
      return new Wire(tls.wrap(connect(endpoint), false));
    }
  }

  private static Socket connect(Endpoint endpoint) throws IOException {
    IOException last = null;
    for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        int limit = endpoint.timeoutMillis() > 0 ? endpoint.timeoutMillis() : CONNECT_MILLIS;
        socket.connect(new InetSocketAddress(address, endpoint.port()), limit);
        socket.setSoTimeout(endpoint.timeoutMillis());
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last == null ? new IOException("no address for " + endpoint.host()) : last;
  }

  @Override
  public void close() {
    try {
      socket.setSoTimeout(FAREWELL_MILLIS);
      socket.close();
    } catch (IOException e) {
      // nobody is left to care about a connection that is being thrown away
      used = true;
    }
  }
}
