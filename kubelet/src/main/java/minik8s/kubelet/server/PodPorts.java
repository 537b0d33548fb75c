package minik8s.kubelet.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.runtime.ContainerStreams.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP ports of one pod: on its address first, which costs a connection; then on its loopback,
 * which costs a process in its network. Immutable.
 *
 * @param ip the pod's address
 * @param sandboxId the container that holds its network
 */
record PodPorts(ContainerStreams streams, String ip, String sandboxId) {
  private static final Logger LOG = LoggerFactory.getLogger(PodPorts.class);
  private static final int CONNECT_MILLIS = 3_000;
  private static final int BUFFER = 32 << 10;

  /** The other end of a forwarded connection. */
  interface Client {
    /** Blocks for the next bytes; null when there will be no more; throws when it has left. */
    byte @Nullable [] read() throws IOException;

    void write(byte[] bytes, int count) throws IOException;
  }

  /** Carries bytes both ways until the pod's side ends; blocks. */
  void carry(int port, Client client) throws IOException {
    try (Socket socket = new Socket()) {
      try {
        socket.connect(new InetSocketAddress(ip, port), CONNECT_MILLIS);
      } catch (IOException e) {
        inside(port, client);
        return;
      }
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      Thread up = up(client, out, socket::shutdownOutput, socket::close);
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[BUFFER];
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        client.write(buffer, got);
      }
      up.interrupt();
    }
  }

  private void inside(int port, Client client) throws IOException {
    boolean any = false;
    StringBuilder complaint = new StringBuilder();
    try (Session session = streams.connect(sandboxId, port)) {
      Thread up = up(client, session.stdin(), session.stdin()::close, session::close);
      for (Frame frame = session.next(); frame != null; frame = session.next()) {
        if (frame.stderr()) {
          complaint.append(new String(frame.bytes(), java.nio.charset.StandardCharsets.UTF_8));
        } else {
          any = true;
          client.write(frame.bytes(), frame.bytes().length);
        }
      }
      up.interrupt();
      if (!any && session.exitCode() != 0) {
        throw new IOException(
            "error forwarding port %d to pod: failed to connect to localhost:%d inside it: %s"
                .formatted(
                    port, port, complaint.isEmpty() ? "refused" : complaint.toString().strip()));
      }
    }
  }

  private interface Closing {
    void close() throws IOException;
  }

  /**
   * Carries what the client sends.
   *
   * @param end when it will send no more
   * @param left when it has left, so that nobody waits for the pod's side for ever
   */
  private static Thread up(Client client, OutputStream out, Closing end, Closing left) {
    return Thread.ofVirtual()
        .name("port-forward-up")
        .start(() -> {
          try {
            for (byte[] piece = client.read(); piece != null; piece = client.read()) {
              out.write(piece);
              out.flush();
            }
            end.close();
          } catch (IOException e) {
            LOG.debug("one side left: {}", e.getMessage());
            try {
              left.close();
            } catch (IOException closed) {
              LOG.debug("closing failed: {}", closed.getMessage());
            }
          }
        });
  }
}
