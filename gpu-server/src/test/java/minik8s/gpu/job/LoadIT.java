package minik8s.gpu.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minik8s.client.ListOptions;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.GpuResources;
import minik8s.gpu.slurm.GatewayMeter;
import minik8s.gpu.testbed.TestBed;
import minik8s.testing.FakeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many live jobs cost a cluster little, and a new process follows them without a new submission.
 */
class LoadIT {
  private static final int SINGLE = 200;
  private static final int TASKS = 800;
  private static final Duration LONG = Duration.ofMinutes(4);

  @TempDir Path results;
  private final TestBed bed = TestBed.shared();

  /** Whatever happened, the node is free for the next test. */
  @AfterEach
  void cancelAll() {
    bed.run("run", "scancel", "-f", "-u", bed.setting("HPC_USER"));
  }

  /** Counts commands by verb. */
  private static final class Counter implements GatewayMeter {
    final Map<String, AtomicInteger> commands = new ConcurrentHashMap<>();
    volatile long firstAccounting;

    int count(String verb) {
      return commands.getOrDefault(verb, new AtomicInteger()).get();
    }

    @Override
    public void connected(boolean well) {
      command("connect", well);
    }

    @Override
    public void command(String verb, boolean well) {
      if (verb.equals("accounting") && well && firstAccounting == 0) {
        firstAccounting = System.nanoTime();
      }
      commands.computeIfAbsent(verb, _ -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void bytes(boolean up, long count) {}
  }

  @Test
  void followsAThousandLiveJobsWithTwoQuestionsPerPoll() throws Exception {
    FakeApi api = new FakeApi();
    Counter first = new Counter();
    try (GpuWorld world = new GpuWorld(api, results, new RealGateways(first), null)) {
      world.create(bed.keySecret("hpc"));
      world.create(bed.cluster("lab", "hpc", "load"));
      world.create(
          "tasks",
          "{\"clusterName\":\"lab\",\"runScripts\":[\"sleep 600\"],\"slurm\":{\"array\":\"0-%d\",\"memory\":\"100M\",\"time\":\"30\"}}"
              .formatted(TASKS - 1));
      for (int i = 0; i < SINGLE; i++) {
        world.create(
            "single" + i,
            "{\"clusterName\":\"lab\",\"runScripts\":[\"sleep 600\"],\"slurm\":{\"memory\":\"100M\",\"time\":\"30\"}}");
      }
      awaitLive(api);
      assertThat(first.count("submit")).isEqualTo(SINGLE + 1);
      assertThat(first.count("connect")).as("one connection for all").isEqualTo(1);

      // The first look at the last of them may still be under way.
      int early = first.count("accounting");
      while (first.count("accounting") < early + 2) {
        Thread.sleep(100);
      }
      bed.run("run", "sdiag", "-r");
      int polls = first.count("accounting");
      while (first.count("accounting") < polls + 3) {
        Thread.sleep(100);
      }
      int asked = first.count("accounting") - polls;
      int rpcs = rpcs();
      System.out.println(
          "FIGURE "
              + (SINGLE + TASKS)
              + " live jobs: "
              + rpcs
              + " Slurm RPCs in "
              + asked
              + " polls");
      assertThat(rpcs).as(bed.run("run", "sdiag")).isLessThanOrEqualTo(2 * asked);
    }
    restart(api);
  }

  private void restart(FakeApi api) throws InterruptedException {
    Counter second = new Counter();
    long begin = System.nanoTime();
    try (GpuWorld _ = new GpuWorld(api, results, new RealGateways(second), null)) {
      while (second.firstAccounting == 0) {
        Thread.sleep(5);
      }
      System.out.println(
          "FIGURE restart with "
              + (SINGLE + 1)
              + " live jobs, all asked about after "
              + Duration.ofNanos(second.firstAccounting - begin).toMillis()
              + " ms");
      bed.run("run", "scancel", "-f", "-u", bed.setting("HPC_USER"));
      long end = System.nanoTime() + LONG.toNanos();
      while (!jobs(api).stream().allMatch(job -> job.status().current() == Phase.Cancelled)) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(200);
      }
    }
    assertThat(second.count("submit")).isZero();
    assertThat(second.count("find")).isZero();
  }

  private static List<GpuJob> jobs(FakeApi api) {
    return api.list(GpuResources.GPU_JOBS, ListOptions.ALL).items();
  }

  private static void awaitLive(FakeApi api) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (!jobs(api).stream().allMatch(job -> !job.status().jobId().isEmpty())) {
      assertThat(System.nanoTime()).as("live").isLessThan(end);
      Thread.sleep(200);
    }
  }

  /** What the controller was asked by our user since the counters were reset. */
  private int rpcs() {
    String user = bed.setting("HPC_USER");
    Matcher line =
        Pattern.compile("(?m)^\\s*" + Pattern.quote(user) + "\\s*\\(\\s*\\d+\\) count:(\\d+)")
            .matcher(bed.run("run", "sdiag"));
    return line.find() ? Integer.parseInt(line.group(1)) : 0;
  }
}
