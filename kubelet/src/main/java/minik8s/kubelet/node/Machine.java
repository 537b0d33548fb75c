package minik8s.kubelet.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The machine as its files under {@code /proc} and {@code /etc} tell. Stateless. */
public final class Machine {
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private Machine() {}

  public static int cpus() {
    return Runtime.getRuntime().availableProcessors();
  }

  public static long memoryBytes() {
    return memory("MemTotal");
  }

  public static long freeMemoryBytes() {
    return memory("MemAvailable");
  }

  private static long memory(String field) {
    for (String line : text(MEMINFO).split("\n")) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }

  /** Size and free bytes of the file system that holds the path. */
  public static long[] disk(Path path) {
    try {
      FileStore store = Files.getFileStore(path);
      return new long[] {store.getTotalSpace(), store.getUsableSpace()};
    } catch (IOException e) {
      return new long[] {0, 0};
    }
  }

  /** How many processes exist, and how many may. */
  public static long[] processes() {
    String[] load = text(Path.of("/proc/loadavg")).split("[ /]");
    long now = load.length > 4 ? number(load[4]) : 0;
    long max = number(text(Path.of("/proc/sys/kernel/pid_max")).strip());
    return new long[] {now, max};
  }

  private static long number(String text) {
    return text.matches("\\d+") ? Long.parseLong(text) : 0;
  }

  static String kernel() {
    return text(Path.of("/proc/sys/kernel/osrelease")).strip();
  }

  public static String bootId() {
    return text(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  public static String machineId() {
    return text(Path.of("/etc/machine-id")).strip();
  }

  public static String systemUuid() {
    return text(Path.of("/sys/class/dmi/id/product_uuid")).strip();
  }

  static String osImage() {
    Map<String, String> release = new HashMap<>();
    for (String line : text(Path.of("/etc/os-release")).split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        release.put(line.substring(0, equals), line.substring(equals + 1).replace("\"", ""));
      }
    }
    return release.getOrDefault("PRETTY_NAME", "Linux");
  }

  /** The architecture as Go names it. */
  static String architecture() {
    String arch = System.getProperty("os.arch", "");
    return switch (arch) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> arch;
    };
  }

  /** In one read: files under /proc/sys claim to be empty and answer only a first read in full. */
  private static String text(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] buffer = new byte[16 * 1024];
      int read = in.read(buffer);
      return new String(buffer, 0, Math.max(0, read), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
