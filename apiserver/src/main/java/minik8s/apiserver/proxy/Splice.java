package minik8s.apiserver.proxy;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries raw bytes both ways between an upgraded client connection and a kubelet, whatever
 * protocol they speak.
 *
 * <p>Each direction runs on a virtual thread of its own. The end of one direction is passed on as a
 * half-close; an error or the end of the kubelet's side ends both.
 */
public final class Splice implements HttpUpgradeHandler {
  private static final Logger log = LoggerFactory.getLogger(Splice.class);
  private static final int BUFFER = 16 * 1024;

  private final AtomicInteger running = new AtomicInteger(2);
  private @Nullable Socket kubelet;
  private @Nullable InputStream fromKubelet;

  /** Made by the servlet container, which then calls {@link #init}. */
  public Splice() {}

  /** Tells whom to connect to; {@code input} may hold bytes that were read ahead. */
  void to(Socket socket, InputStream input) {
    kubelet = socket;
    fromKubelet = input;
  }

  @Override
  public void init(WebConnection client) {
    Socket socket = kubelet;
    InputStream input = fromKubelet;
    if (socket == null || input == null) {
      throw new IllegalStateException("upgraded before the kubelet was connected");
    }
    Thread.ofVirtual()
        .name("splice-in")
        .start(() -> {
          try {
            copy(client.getInputStream(), socket.getOutputStream());
            socket.shutdownOutput();
            ended(client, socket);
          } catch (IOException e) {
            broken(client, socket, e);
          }
        });
    Thread.ofVirtual()
        .name("splice-out")
        .start(() -> {
          try {
            copy(input, client.getOutputStream());
            close(client, socket);
          } catch (IOException e) {
            broken(client, socket, e);
          }
        });
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
      out.flush();
    }
  }

  private void ended(WebConnection client, Socket socket) {
    if (running.decrementAndGet() == 0) {
      close(client, socket);
    }
  }

  private void broken(WebConnection client, Socket socket, IOException e) {
    log.debug("streaming ended: {}", e.getMessage());
    close(client, socket);
  }

  private static void close(WebConnection client, Socket socket) {
    try {
      client.close();
    } catch (Exception e) {
      log.debug("closing the client side failed: {}", e.getMessage());
    }
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("closing the kubelet side failed: {}", e.getMessage());
    }
  }

  @Override
  public void destroy() {
    Socket socket = kubelet;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        log.debug("closing the kubelet side failed: {}", e.getMessage());
      }
    }
  }
}
