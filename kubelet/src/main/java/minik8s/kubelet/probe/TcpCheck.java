package minik8s.kubelet.probe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import minik8s.api.Probe;

/** A connection that opens. Stateless. */
final class TcpCheck {
  private TcpCheck() {}

  static Answer ask(Probe.TcpSocket action, Target target, Limit limit) {
    String host = action.host().isEmpty() ? target.ip() : action.host();
    int port = target.port(action.port());
    try (Socket socket = new Socket()) {
      limit.on(socket::close);
      socket.connect(new InetSocketAddress(host, port));
      return Answer.success();
    } catch (IOException e) {
      return Answer.failure(dialing(host, port, e, limit));
    }
  }

  /** A failure to connect in Go's words. */
  static String dialing(String host, int port, IOException e, Limit limit) {
    String why =
        limit.over()
            ? "i/o timeout"
            : e instanceof ConnectException
                ? "connect: "
                    + String.valueOf(e.getMessage())
                        .replaceFirst(" \\(.*", "")
                        .toLowerCase(Locale.ROOT)
                : String.valueOf(e.getMessage());
    return "dial tcp " + Target.address(host, port) + ": " + why;
  }
}
