package minik8s.kubelet.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import minik8s.kubelet.metrics.Cgroup.DiskUse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {
  private static final String GROUP = "/docker/abc";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private static Cgroup first(Map<String, String> files) {
    return new CgroupV1((controller, file) -> files.getOrDefault(controller + "/" + file, ""));
  }

  private static Cgroup second(Map<String, String> files) {
    return new CgroupV2((_, file) -> files.getOrDefault(file, ""));
  }

  @Test
  void readsProcessorTimeOfBothVersions() {
    Cgroup one =
        first(
            Map.of(
                "cpuacct/cpuacct.usage", "1500000000\n",
                "cpuacct/cpuacct.stat", "user 100\nsystem 40\n",
                "cpu/cpu.stat", "nr_periods 7\nnr_throttled 2\nthrottled_time 300\n"));
    Cgroup two =
        second(
            Map.of(
                "cpu.stat",
                """
                usage_usec 1500000
                user_usec 1000000
                system_usec 400000
                nr_periods 7
                nr_throttled 2
                throttled_usec 3
                """));

    assertThat(one.cpu())
        .isEqualTo(new Cgroup.CpuUse(1_500_000_000, 1_000_000_000, 400_000_000, 7, 2, 300));
    assertThat(two.cpu())
        .isEqualTo(new Cgroup.CpuUse(1_500_000_000, 1_000_000_000, 400_000_000, 7, 2, 3000));
  }

  @Test
  void leavesReclaimablePagesOutOfTheWorkingSet() {
    Cgroup one =
        first(
            Map.of(
                "memory/memory.usage_in_bytes",
                "1000\n",
                "memory/memory.stat",
                """
                cache 9
                rss 9
                inactive_file 1
                total_cache 500
                total_rss 400
                total_inactive_file 300
                total_swap 5
                total_pgfault 11
                """));
    Cgroup two =
        second(
            Map.of(
                "memory.current", "1000\n",
                "memory.swap.current", "5\n",
                "memory.stat", "anon 400\nfile 500\ninactive_file 300\npgfault 11\n"));

    assertThat(one.memory()).isEqualTo(two.memory());
    assertThat(one.memory().workingSet()).isEqualTo(700);
    assertThat(one.memory().rss()).isEqualTo(400);
    assertThat(one.memory().cache()).isEqualTo(500);
  }

  @Test
  void neverShowsAWorkingSetBelowNothing() {
    Cgroup group = second(Map.of("memory.current", "100\n", "memory.stat", "inactive_file 4096\n"));

    assertThat(group.memory().workingSet()).isZero();
  }

  @Test
  void addsUpPagesWhereTheRootGroupCountsNothingItself() {
    assertThat(second(Map.of("memory.stat", "anon 400\nfile 500\n")).memory().usage())
        .isEqualTo(900);
  }

  @Test
  void readsDiskUseByDevice() {
    Cgroup one =
        first(
            Map.of(
                "blkio/blkio.throttle.io_service_bytes",
                "254:0 Read 4096\n254:0 Write 8192\n254:0 Sync 0\n254:0 Total 12288\nTotal 12288\n",
                "blkio/blkio.throttle.io_serviced",
                "254:0 Read 1\n254:0 Write 2\nTotal 3\n"));
    Cgroup two = second(Map.of("io.stat", "254:0 rbytes=4096 wbytes=8192 rios=1 wios=2\n"));

    assertThat(one.disks()).containsExactly(new DiskUse("254:0", 4096, 8192, 1, 2));
    assertThat(two.disks()).isEqualTo(one.disks());
  }

  @Test
  void takesTheKernelsHugeNumbersForNoLimit() {
    Cgroup.Spec one =
        first(
                Map.of(
                    "memory/memory.limit_in_bytes", "9223372036854771712\n",
                    "cpu/cpu.cfs_quota_us", "-1\n",
                    "cpu/cpu.shares", "1024\n"))
            .spec();
    Cgroup.Spec two =
        second(Map.of("memory.max", "max\n", "cpu.max", "max 100000\n", "cpu.weight", "39\n"))
            .spec();

    assertThat(one.memoryLimit()).isZero();
    assertThat(one.cpuQuota()).isZero();
    assertThat(two.memoryLimit()).isZero();
    assertThat(two.cpuQuota()).isZero();
    assertThat(two.cpuPeriod()).isEqualTo(100_000);
    assertThat(two.cpuShares()).isEqualTo(998);
  }

  @Test
  void readsAGroupThatIsGoneAsZeros() {
    assertThat(first(Map.of()).cpu().totalNanos()).isZero();
    assertThat(second(Map.of()).memory().usage()).isZero();
    assertThat(first(Map.of()).disks()).isEmpty();
  }

  @Test
  void findsAProcessUnderEachControllerOfTheFirstVersion() throws Exception {
    write("proc/7/cgroup", "4:memory:" + GROUP + "\n2:cpu,cpuacct:" + GROUP + "\n0::/\n");
    write("memory" + GROUP + "/memory.usage_in_bytes", "42\n");
    write("cpu" + GROUP + "/cpuacct.usage", "43\n");
    String mounts =
        """
        cgroup %1$s/memory cgroup rw,memory 0 0
        cgroup %1$s/cpu cgroup rw,cpu,cpuacct 0 0
        cgroup2 %1$s/unified cgroup2 rw 0 0
        """
            .formatted(folder);

    Cgroups cgroups = new Cgroups(folder.resolve("proc"), Cgroups.mounts(mounts));
    Cgroups.Located located = cgroups.of(7);

    assertThat(located.id()).isEqualTo(GROUP);
    assertThat(located.group().memory().usage()).isEqualTo(42);
    assertThat(located.group().cpu().totalNanos()).isEqualTo(43);
  }

  @Test
  void findsAProcessInTheOneTreeOfTheSecondVersion() throws Exception {
    write("proc/7/cgroup", "0::/system.slice/docker-abc.scope\n");
    write("fs/system.slice/docker-abc.scope/memory.current", "42\n");
    String mounts = "cgroup2 %s/fs cgroup2 rw,nsdelegate 0 0\n".formatted(folder);

    Cgroups cgroups = new Cgroups(folder.resolve("proc"), Cgroups.mounts(mounts));

    assertThat(cgroups.of(7).id()).isEqualTo("/system.slice/docker-abc.scope");
    assertThat(cgroups.of(7).group().memory().usage()).isEqualTo(42);
    assertThat(cgroups.of(8).id()).isEqualTo("/");
  }

  private void write(String path, String text) throws Exception {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
