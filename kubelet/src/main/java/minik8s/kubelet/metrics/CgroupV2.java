package minik8s.kubelet.metrics;

import java.util.ArrayList;
import java.util.List;

/** A control group of the second version, one folder for all controllers. Thread-safe. */
record CgroupV2(Source files) implements Cgroup {
  private static final String ALL = "";
  private static final long MICRO = 1000;

  @Override
  public CpuUse cpu() {
    String stat = files.read(ALL, "cpu.stat");
    return new CpuUse(
        Texts.field(stat, "usage_usec") * MICRO,
        Texts.field(stat, "user_usec") * MICRO,
        Texts.field(stat, "system_usec") * MICRO,
        Texts.field(stat, "nr_periods"),
        Texts.field(stat, "nr_throttled"),
        Texts.field(stat, "throttled_usec") * MICRO);
  }

  @Override
  public MemoryUse memory() {
    String stat = files.read(ALL, "memory.stat");
    String current = files.read(ALL, "memory.current");
    // The root group has no memory.current: what it uses is what its pages add up to.
    long usage =
        current.isEmpty()
            ? Texts.field(stat, "anon") + Texts.field(stat, "file")
            : Texts.number(current);
    return new MemoryUse(
        usage,
        MemoryUse.without(usage, Texts.field(stat, "inactive_file")),
        Texts.field(stat, "anon"),
        Texts.field(stat, "file"),
        Texts.number(files.read(ALL, "memory.swap.current")),
        Texts.field(stat, "file_mapped"),
        Texts.number(files.read(ALL, "memory.peak")),
        Texts.field(files.read(ALL, "memory.events"), "max"),
        Texts.field(stat, "pgfault"),
        Texts.field(stat, "pgmajfault"));
  }

  @Override
  public List<DiskUse> disks() {
    List<DiskUse> disks = new ArrayList<>();
    for (String line : files.read(ALL, "io.stat").split("\n")) {
      List<String> words = Texts.words(line);
      if (words.size() > 1 && words.getFirst().indexOf(':') > 0) {
        disks.add(
            new DiskUse(
                words.getFirst(),
                value(words, "rbytes="),
                value(words, "wbytes="),
                value(words, "rios="),
                value(words, "wios=")));
      }
    }
    return disks;
  }

  private static long value(List<String> words, String key) {
    for (String word : words) {
      if (word.startsWith(key)) {
        return Texts.number(word.substring(key.length()));
      }
    }
    return 0;
  }

  @Override
  public Spec spec() {
    List<String> max = Texts.words(files.read(ALL, "cpu.max").strip());
    return new Spec(
        shares(Texts.number(files.read(ALL, "cpu.weight"))),
        max.size() > 1 ? Texts.number(max.get(1)) : 0,
        max.isEmpty() ? 0 : Texts.number(max.getFirst()),
        Texts.number(files.read(ALL, "memory.max")),
        Texts.number(files.read(ALL, "memory.swap.max")),
        Texts.number(files.read(ALL, "memory.low")));
  }

  /** Weights 1 to 10000 as shares 2 to 262144. Source: KEP-2254. */
  private static long shares(long weight) {
    return weight == 0 ? 0 : 2 + (weight - 1) * 262_142 / 9_999;
  }

  @Override
  public long tasks() {
    return Texts.number(files.read(ALL, "pids.current"));
  }
}
