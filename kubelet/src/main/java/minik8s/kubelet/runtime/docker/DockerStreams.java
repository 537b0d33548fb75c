package minik8s.kubelet.runtime.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.ContainerStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Logs, exec and attach on a Docker Engine, each on a connection of its own. Thread-safe. */
public final class DockerStreams implements ContainerStreams {
  private static final Logger LOG = LoggerFactory.getLogger(DockerStreams.class);

  private final Path socket;

  /**
   * @param endpoint such as {@code unix:///var/run/docker.sock}
   */
  public DockerStreams(String endpoint) {
    if (!endpoint.startsWith("unix://")) {
      throw new IllegalArgumentException(
          "--container-runtime-endpoint must be a unix:// socket, not " + endpoint);
    }
    this.socket = Path.of(endpoint.substring("unix://".length()));
  }

  @Override
  public Frames logs(
      String id, boolean follow, @Nullable Long tail, @Nullable Instant since, boolean timestamps)
      throws IOException {
    String path =
        "/containers/"
            + id
            + "/logs?stdout=1&stderr=1&follow="
            + (follow ? 1 : 0)
            + "&timestamps="
            + (timestamps ? 1 : 0)
            + (tail == null ? "" : "&tail=" + tail)
            + (since == null
                ? ""
                : "&since=" + since.getEpochSecond() + "." + "%09d".formatted(since.getNano()));
    boolean tty = json("GET", "/containers/" + id + "/json").at("/Config/Tty").asBoolean(false);
    DockerSocket open = DockerSocket.open(socket, "GET", path, "", false);
    return new Pieces(open, tty);
  }

  @Override
  public Session exec(String id, List<String> command, boolean stdin, boolean tty)
      throws IOException {
    ObjectNode create = Json.object();
    create.put("AttachStdin", stdin).put("AttachStdout", true).put("AttachStderr", true);
    create.put("Tty", tty);
    command.forEach(create.putArray("Cmd")::add);
    byte[] made =
        DockerSocket.call(socket, "POST", "/containers/" + id + "/exec", create.toString());
    String exec = "/exec/" + Json.parse(made).path("Id").asString("");
    ObjectNode start = Json.object().put("Detach", false).put("Tty", tty);
    DockerSocket open = DockerSocket.open(socket, "POST", exec + "/start", start.toString(), true);
    return new Talk(open, tty, exec) {
      @Override
      public int exitCode() {
        return number(exec + "/json", "/ExitCode");
      }
    };
  }

  @Override
  public Session attach(String id, boolean stdin, boolean stdout, boolean stderr, boolean tty)
      throws IOException {
    String container = "/containers/" + id;
    String path =
        container
            + "/attach?stream=1&stdin="
            + (stdin ? 1 : 0)
            + "&stdout="
            + (stdout ? 1 : 0)
            + "&stderr="
            + (stderr ? 1 : 0);
    return new Talk(DockerSocket.open(socket, "POST", path, "", true), tty, container) {
      @Override
      public int exitCode() {
        return number(container + "/json", "/State/ExitCode");
      }
    };
  }

  @Override
  public Session connect(String id, int port) throws IOException {
    return NetworkSession.open(
        json("GET", "/containers/" + id + "/json").at("/State/Pid").asLong(0), port);
  }

  private JsonNode json(String method, String path) throws IOException {
    return Json.parse(DockerSocket.call(socket, method, path, ""));
  }

  private int number(String path, String pointer) {
    try {
      return json("GET", path).at(pointer).asInt(0);
    } catch (IOException e) {
      LOG.warn("exit code unknown: {}", e.getMessage());
      return 255;
    }
  }

  /** Output as Docker multiplexes it; a terminal's output is plain. */
  private static class Pieces implements Frames {
    final DockerSocket open;
    private final InputStream in;
    private final boolean tty;
    private final byte[] buffer = new byte[16 * 1024];

    Pieces(DockerSocket open, boolean tty) {
      this.open = open;
      this.in = open.body();
      this.tty = tty;
    }

    @Override
    public @Nullable Frame next() throws IOException {
      if (tty) {
        int got = in.read(buffer);
        return got < 0 ? null : new Frame(false, Arrays.copyOf(buffer, got));
      }
      byte[] head = in.readNBytes(8);
      if (head.length < 8) {
        return null;
      }
      int size = ByteBuffer.wrap(head, 4, 4).getInt();
      byte[] bytes = in.readNBytes(size);
      return bytes.length < size ? null : new Frame(head[0] == 2, bytes);
    }

    @Override
    public void close() {
      open.close();
    }
  }

  private abstract class Talk extends Pieces implements Session {
    private final String path;

    Talk(DockerSocket open, boolean tty, String path) {
      super(open, tty);
      this.path = path;
    }

    @Override
    public OutputStream stdin() {
      return open.output();
    }

    @Override
    public void resize(int width, int height) {
      try {
        DockerSocket.call(socket, "POST", path + "/resize?w=" + width + "&h=" + height, "");
      } catch (IOException e) {
        LOG.debug("resize failed: {}", e.getMessage());
      }
    }
  }
}
