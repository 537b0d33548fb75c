package minik8s.kubelet.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Byte streams from and to containers. Thread-safe; each opened stream has one owner. */
public interface ContainerStreams {
  /**
   * Opens a container's log.
   *
   * @param tail how many last lines; null for all
   * @param since only lines written at or after; null for all
   */
  Frames logs(
      String id, boolean follow, @Nullable Long tail, @Nullable Instant since, boolean timestamps)
      throws IOException;

  /** Runs a command inside a container. */
  Session exec(String id, List<String> command, boolean stdin, boolean tty) throws IOException;

  /** Joins the streams of a container's own process. */
  Session attach(String id, boolean stdin, boolean stdout, boolean stderr, boolean tty)
      throws IOException;

  /**
   * Connects to a TCP port on the loopback address of a container's network. A refusal shows as an
   * exit code other than 0, with the reason on stderr.
   */
  Session connect(String id, int port) throws IOException;

  /** Output in pieces, each from stdout or stderr. */
  interface Frames extends AutoCloseable {
    /** Blocks for the next piece; null at the end. */
    @Nullable Frame next() throws IOException;

    @Override
    void close();
  }

  /** Some bytes of stdout or stderr. Immutable by agreement: nobody changes the bytes. */
  final class Frame {
    private final boolean stderr;
    private final byte[] bytes;

    public Frame(boolean stderr, byte[] bytes) {
      this.stderr = stderr;
      this.bytes = bytes;
    }

    public boolean stderr() {
      return stderr;
    }

    public byte[] bytes() {
      return bytes;
    }
  }

  /** A process that one can talk to. */
  interface Session extends Frames {
    /** Its standard input; closing it gives the process end-of-file. */
    OutputStream stdin();

    /** Tells a terminal its size. */
    void resize(int width, int height);

    /** How the process ended; meaningful once {@link #next} returned null. */
    int exitCode();
  }
}
