package minik8s.kubelet.metrics;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.daemon.Exposition;
import minik8s.kubelet.node.Machine;

/**
 * What the machine is, apart from what runs on it. Immutable.
 *
 * @param labels by which series of the machine are known
 * @param devices block devices by their numbers, such as {@code 254:0} to {@code /dev/vda}
 */
record MachineFacts(
    String labels,
    int cores,
    int physicalCores,
    int sockets,
    long memory,
    long swap,
    Map<String, String> devices,
    FileSystem fileSystem) {
  MachineFacts {
    devices = Map.copyOf(devices);
  }

  /** The file system that holds what containers write. Immutable. */
  record FileSystem(String device, long totalBytes, long usedBytes, long availableBytes) {}

  /**
   * As it is now.
   *
   * @param root a folder on the file system that containers write to
   */
  static MachineFacts read(Path root) {
    int[] layout = layout(Texts.read(Path.of("/proc/cpuinfo")), Machine.cpus());
    return new MachineFacts(
        Exposition.labels(
            "boot_id",
            Machine.bootId(),
            "machine_id",
            Machine.machineId(),
            "system_uuid",
            Machine.systemUuid().isEmpty() ? Machine.machineId() : Machine.systemUuid()),
        Machine.cpus(),
        layout[0],
        layout[1],
        Machine.memoryBytes(),
        swap(Texts.read(Path.of("/proc/meminfo"))),
        devices(Texts.read(Path.of("/proc/partitions"))),
        fileSystem(root));
  }

  /** A device's path; its numbers when it has none. */
  String device(String numbers) {
    return devices.getOrDefault(numbers, numbers);
  }

  private static long swap(String meminfo) {
    for (String line : meminfo.split("\n")) {
      if (line.startsWith("SwapTotal:")) {
        return Texts.number(Texts.words(line).get(1)) * 1024;
      }
    }
    return 0;
  }

  /** Physical cores and sockets; as many cores as are seen where the file does not tell. */
  static int[] layout(String cpuinfo, int seen) {
    Set<String> cores = new HashSet<>();
    Set<String> sockets = new HashSet<>();
    String socket = "";
    for (String line : cpuinfo.split("\n")) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("physical id")) {
        socket = value;
        sockets.add(value);
      } else if (line.startsWith("core id")) {
        cores.add(socket + ":" + value);
      }
    }
    return new int[] {cores.isEmpty() ? seen : cores.size(), Math.max(1, sockets.size())};
  }

  /** Reads lines such as {@code 254 0 268435456 vda}. */
  static Map<String, String> devices(String partitions) {
    Map<String, String> devices = new HashMap<>();
    for (String line : partitions.split("\n")) {
      List<String> words = Texts.words(line);
      if (words.size() == 4 && Character.isDigit(words.getFirst().charAt(0))) {
        devices.put(words.get(0) + ":" + words.get(1), "/dev/" + words.get(3));
      }
    }
    return devices;
  }

  private static FileSystem fileSystem(Path root) {
    try {
      FileStore store = Files.getFileStore(root);
      return new FileSystem(
          store.name(),
          store.getTotalSpace(),
          store.getTotalSpace() - store.getUnallocatedSpace(),
          store.getUsableSpace());
    } catch (IOException e) {
      return new FileSystem("", 0, 0, 0);
    }
  }
}
