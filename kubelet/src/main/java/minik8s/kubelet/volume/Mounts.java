package minik8s.kubelet.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** In-memory file systems of the node, through {@code mount}. Stateless. */
public final class Mounts {
  private static final Path TABLE = Path.of("/proc/self/mounts");

  /**
   * Makes sure that a tmpfs is mounted at the path.
   *
   * @param bytes that it can hold; 0 for half of the memory
   */
  void tmpfs(Path path, long bytes) throws IOException {
    if (mounted().contains(path.toAbsolutePath())) {
      return;
    }
    String options = bytes == 0 ? "mode=0777" : "mode=0777,size=" + bytes;
    run(List.of("mount", "-t", "tmpfs", "-o", options, "tmpfs", path.toString()));
  }

  /** Unmounts everything below the folder, the deepest first. */
  void unmountBelow(Path folder) throws IOException {
    Path root = folder.toAbsolutePath();
    for (Path path : mounted().reversed()) {
      if (path.startsWith(root)) {
        run(List.of("umount", path.toString()));
      }
    }
  }

  private static List<Path> mounted() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .map(line -> Path.of(line.split(" ")[1].replace("\\040", " ")))
        .toList();
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
