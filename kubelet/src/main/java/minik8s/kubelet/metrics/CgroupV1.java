package minik8s.kubelet.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A control group of the first version, a folder under each controller. Thread-safe. */
record CgroupV1(Source files) implements Cgroup {
  /** Source: {@code USER_HZ}, in which {@code cpuacct.stat} counts on every Linux. */
  private static final long TICK_NANOS = 10_000_000;

  /** The kernel's "no limit" is a number of pages just below 2^63. */
  private static final long UNLIMITED = 1L << 62;

  @Override
  public CpuUse cpu() {
    String stat = files.read("cpuacct", "cpuacct.stat");
    String throttling = files.read("cpu", "cpu.stat");
    return new CpuUse(
        Texts.number(files.read("cpuacct", "cpuacct.usage")),
        Texts.field(stat, "user") * TICK_NANOS,
        Texts.field(stat, "system") * TICK_NANOS,
        Texts.field(throttling, "nr_periods"),
        Texts.field(throttling, "nr_throttled"),
        Texts.field(throttling, "throttled_time"));
  }

  @Override
  public MemoryUse memory() {
    String stat = files.read("memory", "memory.stat");
    long usage = Texts.number(files.read("memory", "memory.usage_in_bytes"));
    return new MemoryUse(
        usage,
        MemoryUse.without(usage, Texts.field(stat, "total_inactive_file")),
        Texts.field(stat, "total_rss"),
        Texts.field(stat, "total_cache"),
        Texts.field(stat, "total_swap"),
        Texts.field(stat, "total_mapped_file"),
        Texts.number(files.read("memory", "memory.max_usage_in_bytes")),
        Texts.number(files.read("memory", "memory.failcnt")),
        Texts.field(stat, "total_pgfault"),
        Texts.field(stat, "total_pgmajfault"));
  }

  @Override
  public List<DiskUse> disks() {
    Map<String, long[]> found = new LinkedHashMap<>();
    collect(files.read("blkio", "blkio.throttle.io_service_bytes"), 0, found);
    collect(files.read("blkio", "blkio.throttle.io_serviced"), 2, found);
    List<DiskUse> disks = new ArrayList<>();
    found.forEach((device, n) -> disks.add(new DiskUse(device, n[0], n[1], n[2], n[3])));
    return disks;
  }

  /** Lines such as {@code 254:0 Read 4096}. */
  private static void collect(String text, int offset, Map<String, long[]> found) {
    for (String line : text.split("\n")) {
      List<String> words = Texts.words(line);
      if (words.size() != 3) {
        continue;
      }
      int column = words.get(1).equals("Read") ? 0 : words.get(1).equals("Write") ? 1 : -1;
      if (column >= 0) {
        found.computeIfAbsent(words.getFirst(), _ -> new long[4])[offset + column] =
            Texts.number(words.get(2));
      }
    }
  }

  @Override
  public Spec spec() {
    String quota = files.read("cpu", "cpu.cfs_quota_us");
    return new Spec(
        Texts.number(files.read("cpu", "cpu.shares")),
        Texts.number(files.read("cpu", "cpu.cfs_period_us")),
        quota.startsWith("-") ? 0 : Texts.number(quota),
        limit("memory.limit_in_bytes"),
        limit("memory.memsw.limit_in_bytes"),
        limit("memory.soft_limit_in_bytes"));
  }

  private long limit(String file) {
    long limit = Texts.number(files.read("memory", file));
    return limit >= UNLIMITED ? 0 : limit;
  }

  @Override
  public long tasks() {
    return Texts.number(files.read("pids", "pids.current"));
  }
}
