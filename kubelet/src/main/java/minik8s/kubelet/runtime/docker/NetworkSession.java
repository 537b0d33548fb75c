package minik8s.kubelet.runtime.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.runtime.ContainerStreams.Session;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection inside a container's network: busybox's netcat, started in the network namespace
 * of the container's process. Nothing but a process can enter it from outside. One reader, one
 * writer.
 */
final class NetworkSession implements Session {
  private final Process netcat;
  private final InputStream out;
  private final byte[] buffer = new byte[32 << 10];
  private boolean drained;

  private NetworkSession(Process netcat) {
    this.netcat = netcat;
    this.out = netcat.getInputStream();
  }

  /**
   * Opens it.
   *
   * @param pid of any process of the container
   * @throws IOException when the container has no process, or the node lacks the programs
   */
  static NetworkSession open(long pid, int port) throws IOException {
    if (pid <= 0) {
      throw new IOException("the container does not run");
    }
    List<String> command =
        List.of(
            "nsenter",
            "--net=/proc/" + pid + "/ns/net",
            "--",
            "busybox",
            "nc",
            "127.0.0.1",
            Integer.toString(port));
    return new NetworkSession(new ProcessBuilder(command).start());
  }

  @Override
  public @Nullable Frame next() throws IOException {
    if (!drained) {
      int got = out.read(buffer);
      if (got >= 0) {
        return new Frame(false, Arrays.copyOf(buffer, got));
      }
      drained = true;
      byte[] complaint = netcat.getErrorStream().readNBytes(1024);
      if (complaint.length > 0) {
        return new Frame(true, complaint);
      }
    }
    return null;
  }

  @Override
  public OutputStream stdin() {
    return netcat.getOutputStream();
  }

  @Override
  public void resize(int width, int height) {
    // A connection has no size.
  }

  @Override
  public int exitCode() {
    try {
      return netcat.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 255;
    }
  }

  @Override
  public void close() {
    netcat.destroyForcibly();
  }
}
