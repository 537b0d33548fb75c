package minik8s.kubelet.metrics;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the control groups of processes, of either version. Immutable, thread-safe.
 *
 * @param proc where {@code /proc} is
 * @param mounts mount point by controller; the second version's under the empty name
 */
record Cgroups(Path proc, Map<String, Path> mounts) {
  private static final String UNIFIED = "";

  /** Without this controller in the first version, the machine runs on the second. */
  private static final String DECIDES = "memory";

  Cgroups {
    mounts = Map.copyOf(mounts);
  }

  /** The machine's, as mounted now. */
  static Cgroups ofMachine() {
    Path proc = Path.of("/proc");
    return new Cgroups(proc, mounts(Texts.read(proc.resolve("self/mounts"))));
  }

  /** Reads lines such as {@code cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0}. */
  static Map<String, Path> mounts(String text) {
    Map<String, Path> mounts = new HashMap<>();
    for (String line : text.split("\n")) {
      List<String> words = Texts.words(line);
      if (words.size() < 4) {
        continue;
      }
      if (words.get(2).equals("cgroup2")) {
        mounts.putIfAbsent(UNIFIED, Path.of(words.get(1)));
      } else if (words.get(2).equals("cgroup")) {
        for (String option : words.get(3).split(",")) {
          mounts.putIfAbsent(option, Path.of(words.get(1)));
        }
      }
    }
    return mounts;
  }

  /** Reads lines such as {@code 4:memory:/docker/ID} into paths by controller. */
  static Map<String, String> membership(String text) {
    Map<String, String> paths = new HashMap<>();
    for (String line : text.split("\n")) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        for (String controller : parts[1].split(",", -1)) {
          paths.put(controller, parts[2]);
        }
      }
    }
    return paths;
  }

  private boolean first() {
    return mounts.containsKey(DECIDES);
  }

  /** The group of everything. */
  Located root() {
    return located(Map.of(), "/");
  }

  /** The group that a process is in; the root's for one that has ended. */
  Located of(long pid) {
    Map<String, String> paths =
        membership(Texts.read(proc.resolve(Long.toString(pid)).resolve("cgroup")));
    return located(paths, paths.getOrDefault(first() ? DECIDES : UNIFIED, "/"));
  }

  private Located located(Map<String, String> paths, String id) {
    Cgroup.Source files =
        (controller, file) -> {
          Path mount = mounts.get(controller);
          String path = paths.getOrDefault(controller, "/");
          return mount == null ? "" : Texts.read(mount.resolve(path.substring(1)).resolve(file));
        };
    return new Located(id, first() ? new CgroupV1(files) : new CgroupV2(files));
  }

  /**
   * A group and its path, by which it is known. Immutable.
   *
   * @param id such as {@code /docker/4f2a…}
   */
  record Located(String id, Cgroup group) {}
}
