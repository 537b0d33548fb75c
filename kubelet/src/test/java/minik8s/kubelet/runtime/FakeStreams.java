package minik8s.kubelet.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Streams in memory: a log of three lines, and a process that sends its input back, tells its
 * terminal's size on stderr, and ends with code 3 when its input ends. Thread-safe.
 */
public final class FakeStreams implements ContainerStreams {
  @Override
  public Frames logs(
      String id, boolean follow, @Nullable Long tail, @Nullable Instant since, boolean timestamps) {
    List<String> lines = List.of("one\n", "two\n", "three\n");
    long from = tail == null ? 0 : Math.max(0, lines.size() - tail);
    Echo log = new Echo();
    lines.stream().skip(from).forEach(line -> log.out(false, line.getBytes(UTF_8)));
    log.end();
    return log;
  }

  @Override
  public Session exec(String id, List<String> command, boolean stdin, boolean tty) {
    Echo echo = new Echo();
    echo.out(false, (String.join(" ", command) + "\n").getBytes(UTF_8));
    if (!stdin) {
      echo.end();
    }
    return echo;
  }

  @Override
  public Session attach(String id, boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    return new Echo();
  }

  @Override
  public Session connect(String id, int port) {
    return new Echo();
  }

  private static final class Echo implements Session {
    private final BlockingQueue<AtomicReference<@Nullable Frame>> frames =
        new LinkedBlockingQueue<>();

    void out(boolean stderr, byte[] bytes) {
      frames.add(new AtomicReference<>(new Frame(stderr, bytes)));
    }

    void end() {
      frames.add(new AtomicReference<>(null));
    }

    @Override
    public @Nullable Frame next() throws IOException {
      try {
        return frames.take().get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }

    @Override
    public OutputStream stdin() {
      return new OutputStream() {
        @Override
        public void write(int b) {
          out(false, new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
          out(false, java.util.Arrays.copyOfRange(bytes, from, from + count));
        }

        @Override
        public void close() {
          end();
        }
      };
    }

    @Override
    public void resize(int width, int height) {
      out(true, (width + "x" + height).getBytes(UTF_8));
    }

    @Override
    public int exitCode() {
      return 3;
    }

    @Override
    public void close() {
      end();
    }
  }
}
