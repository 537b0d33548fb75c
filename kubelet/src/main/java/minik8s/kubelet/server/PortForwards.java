package minik8s.kubelet.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.kubelet.spdy.SpdyConnection;
import minik8s.kubelet.spdy.SpdyStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port-forwards of one SPDY connection: each is a pair of streams, one for data and one for an
 * error, which carry the same request id and the port. Thread-safe; each pair has two virtual
 * threads.
 */
final class PortForwards implements SpdyUpgrade.SpdyHolder {
  private static final Logger LOG = LoggerFactory.getLogger(PortForwards.class);

  private final PodPorts ports;
  private final Map<String, SpdyStream> halves = new ConcurrentHashMap<>();
  private volatile @Nullable SpdyConnection connection;

  PortForwards(PodPorts ports) {
    this.ports = ports;
  }

  @Override
  public void set(SpdyConnection spdy) {
    connection = spdy;
  }

  /** The client opened a stream. */
  void opened(SpdyStream stream) {
    String id = stream.header("requestid") + "/" + stream.header("port");
    SpdyStream other = halves.putIfAbsent(id, stream);
    if (other != null) {
      halves.remove(id);
      boolean data = stream.header("streamtype").equals("data");
      SpdyStream bytes = data ? stream : other;
      SpdyStream error = data ? other : stream;
      Thread.ofVirtual().name("port-forward").start(() -> forward(bytes, error));
    }
  }

  private void forward(SpdyStream data, SpdyStream error) {
    try {
      int port = Integer.parseInt(data.header("port"));
      ports.carry(
          port,
          new PodPorts.Client() {
            @Override
            public byte @Nullable [] read() throws IOException {
              return data.read();
            }

            @Override
            public void write(byte[] bytes, int count) throws IOException {
              data.write(bytes, 0, count);
            }
          });
    } catch (IOException | NumberFormatException e) {
      try {
        error.write(String.valueOf(e.getMessage()).getBytes(UTF_8));
      } catch (IOException gone) {
        LOG.debug("client left: {}", gone.getMessage());
      }
    } finally {
      data.ignore();
      finish(data);
      finish(error);
    }
  }

  private void finish(SpdyStream stream) {
    try {
      stream.finish();
    } catch (IOException e) {
      LOG.debug("client left: {}", e.getMessage());
    }
    SpdyConnection spdy = connection;
    if (spdy != null) {
      spdy.forget(stream);
    }
  }
}
