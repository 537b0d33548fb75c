package minik8s.apiserver.store.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real etcd in a directory of its own, which can be killed and started again. Confined to one
 * test.
 */
public final class EtcdProcess implements AutoCloseable {
  private static final Set<Integer> CLAIMED = ConcurrentHashMap.newKeySet();
  private final Path directory;
  private final int port = freePort();
  private final int peerPort = freePort();
  private final List<String> extra;
  private final String scheme;
  private Process process;

  /** Starts etcd without TLS. */
  public EtcdProcess() throws IOException {
    this("http", List.of());
  }

  /** Starts etcd with further flags and clients over {@code scheme}. */
  public EtcdProcess(String scheme, List<String> extra) throws IOException {
    this.scheme = scheme;
    this.extra = List.copyOf(extra);
    this.directory = Files.createTempDirectory("minik8s-etcd");
    this.process = launch();
  }

  /** Where clients connect. */
  public String endpoint() {
    return scheme + "://127.0.0.1:" + port;
  }

  /** Ends etcd as a power cut would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Starts it again on the same data and port. */
  public void start() throws IOException {
    process = launch();
  }

  /** How many watches etcd serves now; without TLS only. */
  int watchers() throws IOException {
    try (InputStream page = URI.create(endpoint() + "/metrics").toURL().openStream()) {
      return new String(page.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> line.startsWith("etcd_debugging_mvcc_watcher_total "))
          .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(' ') + 1)))
          .findFirst()
          .orElseThrow();
    }
  }

  private Process launch() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "etcd",
                "--name=t",
                "--data-dir=" + directory,
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=http://127.0.0.1:" + peerPort,
                "--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort,
                "--initial-cluster=t=http://127.0.0.1:" + peerPort,
                "--logger=zap",
                "--log-level=error",
                "--log-outputs=" + directory.resolve("log")));
    command.addAll(extra);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static int freePort() {
    for (int port = 21_220; port < 21_300; port++) {
      if (free(port) && CLAIMED.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from 21220 to 21299");
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
