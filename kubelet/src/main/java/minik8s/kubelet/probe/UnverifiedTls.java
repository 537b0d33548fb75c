package minik8s.kubelet.probe;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import minik8s.client.AnyCertificate;

/** TLS as probes speak it: without a look at who is at the other end. Stateless. */
final class UnverifiedTls {
  private static final SSLContext TLS = context();

  private UnverifiedTls() {}

  /** The socket with TLS over it, after the handshake. */
  static SSLSocket over(Socket plain, String host, int port) throws IOException {
    SSLSocket socket = (SSLSocket) TLS.getSocketFactory().createSocket(plain, host, port, true);
    socket.startHandshake();
    return socket;
  }

  private static SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnyCertificate()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }
}
