package minik8s.kubelet.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.spdy.SpdyConnection;
import minik8s.kubelet.spdy.SpdyStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One exec or attach over SPDY ({@code v4.channel.k8s.io}): a stream for each of stdin, stdout,
 * stderr, the terminal's size and the final status. Thread-safe; runs once all expected streams are
 * open, output and input each on a virtual thread.
 */
final class SpdyExec implements SpdyUpgrade.SpdyHolder {
  static final String VERSION = "v4.channel.k8s.io";
  private static final Logger LOG = LoggerFactory.getLogger(SpdyExec.class);

  private final ExecSocket.Opener opener;
  private final Set<String> expected;
  private final Map<String, SpdyStream> streams = new ConcurrentHashMap<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable SpdyConnection connection;

  /**
   * @param expected the stream types without which it does not begin
   */
  SpdyExec(ExecSocket.Opener opener, Set<String> expected) {
    this.opener = opener;
    this.expected = expected;
  }

  @Override
  public void set(SpdyConnection spdy) {
    connection = spdy;
  }

  /** The client opened a stream. */
  void opened(SpdyStream stream) {
    streams.put(stream.header("streamtype"), stream);
    if (streams.keySet().containsAll(expected) && begun.compareAndSet(false, true)) {
      Thread.ofVirtual().name("exec").start(this::run);
    }
  }

  private void run() {
    SpdyStream error = streams.get("error");
    try (ContainerStreams.Session process = opener.open()) {
      aside("stdin", stream -> feed(stream, process.stdin()));
      aside("resize", stream -> resize(stream, process));
      for (Frame frame = process.next(); frame != null; frame = process.next()) {
        SpdyStream out = streams.get(frame.stderr() ? "stderr" : "stdout");
        if (out != null) {
          out.write(frame.bytes());
        }
      }
      finish("stdout");
      finish("stderr");
      say(error, ExecSocket.status(process.exitCode()).toString());
    } catch (IOException e) {
      say(error, ExecSocket.failure(String.valueOf(e.getMessage())).toString());
    } finally {
      SpdyConnection spdy = connection;
      if (spdy != null) {
        spdy.close();
      }
    }
  }

  private interface Reading {
    void run(SpdyStream stream) throws IOException;
  }

  private void aside(String type, Reading reading) {
    SpdyStream stream = streams.get(type);
    if (stream != null) {
      Thread.ofVirtual()
          .name("exec-" + type)
          .start(() -> {
            try {
              reading.run(stream);
            } catch (IOException e) {
              LOG.debug("{} ended: {}", type, e.getMessage());
            }
          });
    }
  }

  private static void feed(SpdyStream from, OutputStream stdin) throws IOException {
    for (byte[] piece = from.read(); piece != null; piece = from.read()) {
      stdin.write(piece);
      stdin.flush();
    }
    stdin.close();
  }

  /** Sizes are JSON objects, one a line; a piece may hold several or a part of one. */
  private static void resize(SpdyStream from, ContainerStreams.Session process) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (byte[] piece = from.read(); piece != null; piece = from.read()) {
      for (byte b : piece) {
        if (b != '}') {
          line.write(b);
          continue;
        }
        line.write(b);
        try {
          JsonNode size = Json.parse(line.toByteArray());
          process.resize(size.path("Width").asInt(0), size.path("Height").asInt(0));
        } catch (JacksonException e) {
          LOG.debug("malformed terminal size ignored");
        }
        line.reset();
      }
    }
  }

  private void finish(String type) throws IOException {
    SpdyStream stream = streams.get(type);
    if (stream != null) {
      stream.finish();
    }
  }

  private static void say(@Nullable SpdyStream error, String status) {
    if (error != null) {
      try {
        error.write(status.getBytes(UTF_8));
        error.finish();
      } catch (IOException e) {
        LOG.debug("client left before the end: {}", e.getMessage());
      }
    }
  }
}
