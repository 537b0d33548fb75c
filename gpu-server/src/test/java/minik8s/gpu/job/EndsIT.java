package minik8s.gpu.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import minik8s.api.Condition;
import minik8s.api.ObjectKey;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.GpuResources;
import minik8s.gpu.slurm.GatewayMeter;
import minik8s.gpu.testbed.TestBed;
import minik8s.testing.FakeApi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way in which a job ends, provoked on a real Slurm. In an order, because a failing node
 * takes every job with it and a time limit takes more than a minute, in which the others go on.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndsIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir static Path results;
  private static TestBed bed;
  private static GpuWorld world;

  @BeforeAll
  static void start() {
    bed = TestBed.shared();
    world = new GpuWorld(new FakeApi(), results, new RealGateways(GatewayMeter.NONE), null);
    world.create(bed.keySecret("hpc"));
    world.create(bed.cluster("lab", "hpc", "ends"));
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static void create(String name, String run, String slurm, String more) {
    world.create(
        name,
        "{\"clusterName\":\"lab\",\"runScripts\":[\"%s\"],\"slurm\":{%s}%s}"
            .formatted(run.replace("\"", "\\\""), slurm, more));
  }

  private static GpuJob.Status end(String name) throws InterruptedException {
    GpuJob.Status status = world.awaitEnd(name, LONG).status();
    assertThat(status.conditions())
        .anyMatch(condition ->
            condition.type().equals(status.current() == Phase.Succeeded ? "Complete" : "Failed")
                && condition.isTrue());
    return status;
  }

  private static void running(String name) throws InterruptedException {
    world.await(name, LONG, job -> job.status().current() == Phase.Running);
  }

  @Test
  @Order(1)
  void saysThatANodeFailed() throws Exception {
    create("node-fail", "sleep 300", "", "");
    create(
        "node-fail-again",
        "if [[ $PWD == */1/work ]]; then sleep 300; fi",
        "",
        ",\"retryPolicy\":{\"limit\":1}");
    running("node-fail");
    running("node-fail-again");
    bed.run(
        "run",
        "scontrol",
        "update",
        "nodename=" + bed.setting("HPC_NODE"),
        "state=down",
        "reason=test");
    GpuJob.Status status = end("node-fail");
    // The node comes back by itself; whichever is first.
    bed.run(
        "run",
        "sh",
        "-c",
        "scontrol update nodename=" + bed.setting("HPC_NODE") + " state=resume || true");
    assertThat(status.current()).isEqualTo(Phase.Failed);
    assertThat(status.slurmState()).isEqualTo("NODE_FAIL");
    assertThat(status.reason()).isEqualTo("NodeFailure");
    assertThat(status.advice()).contains("submit it again");
    GpuJob.Status again = end("node-fail-again");
    assertThat(again.current()).isEqualTo(Phase.Succeeded);
    assertThat(again.attempt()).isEqualTo(2);
    // Awaited last: it takes more than a minute.
    create("time-limit", "sleep 600", "\"time\":\"1\"", "");
    running("time-limit");
  }

  @Test
  @Order(2)
  void endsEachWayWithItsReasonAndAdvice() throws Exception {
    create("good", "echo fine; echo data >data.csv", "\"gpus\":1", ",\"collect\":[\"*.csv\"]");
    create("exit-seven", "echo no >&2; exit 7", "", "");
    create("crash", "kill -SEGV $BASHPID", "", "");
    create("memory", "python3 -c 'x = bytearray(400*1024*1024)'", "\"memory\":\"100M\"", "");
    create("compile-error", "./a", "", ",\"compileScripts\":[\"echo broken >&2; false\"]");
    create(
        "compile-in-job",
        "./a",
        "",
        ",\"compileOn\":\"job\",\"compileScripts\":[\"no-such-compiler a.cu\"]");
    create("no-partition", "true", "\"partition\":\"nope\"", "");
    create("too-many-gpus", "true", "\"gpus\":5", "");
    create("array", "[[ $SLURM_ARRAY_TASK_ID != 2 ]]", "\"array\":\"0-3\"", "");
    create("never", "true", "\"dependency\":\"afterok:999999\"", "");

    GpuJob.Status good = end("good");
    assertThat(good.current()).isEqualTo(Phase.Succeeded);
    assertThat(good.exitCode()).isZero();
    assertThat(results.resolve("default/good/good.out")).hasContent("fine");
    assertThat(results.resolve("default/good/data.csv")).hasContent("data");
    assertThat(results.resolve("default/good/index.html"))
        .content()
        .contains("Succeeded", "data.csv");
    expect("exit-seven", "NonZeroExit", 7, null);
    assertThat(world.get("exit-seven").status().errorTail()).isEqualTo("no\n");
    GpuJob.Status crash = end("crash");
    assertThat(crash.reason()).isIn("Signal", "NonZeroExit");
    assertThat(crash.message() + crash.advice()).contains("SIGSEGV");
    GpuJob.Status memory = end("memory");
    assertThat(memory.reason()).isEqualTo("OutOfMemory");
    assertThat(memory.advice()).contains("slurm.memory");
    expect("compile-error", "CompileFailed", null, null);
    assertThat(results.resolve("default/compile-error/compile.log")).content().contains("broken");
    expect("compile-in-job", "NonZeroExit", 127, null);
    GpuJob.Status partition = end("no-partition");
    assertThat(partition.reason()).isEqualTo("InvalidPartition");
    assertThat(partition.advice()).contains("status lists");
    expect("too-many-gpus", "ResourcesNotAvailable", null, null);
    GpuJob.Status array = end("array");
    assertThat(array.reason()).isEqualTo("TasksFailed");
    assertThat(array.tasks()).isNotNull();
    assertThat(array.tasks().succeeded()).isEqualTo(3);
    assertThat(array.tasks().failures())
        .singleElement()
        .satisfies(task -> assertThat(task.task()).isEqualTo("2"));
    assertThat(results.resolve("default/array/array-3.out")).exists();
  }

  private static void expect(
      String name, String reason, @Nullable Integer code, @Nullable Integer signal)
      throws InterruptedException {
    GpuJob.Status status = end(name);
    assertThat(status.current()).isEqualTo(Phase.Failed);
    assertThat(status.reason()).as(status.toString()).isEqualTo(reason);
    assertThat(status.exitCode()).isEqualTo(code);
    assertThat(status.signal()).isEqualTo(signal);
    assertThat(status.advice()).isNotEmpty();
  }

  @Test
  @Order(3)
  void saysWhoCancelled() throws Exception {
    for (String name : List.of("by-wish", "by-admin", "by-owner")) {
      create(name, "sleep 300", "", "");
    }
    for (String name : List.of("by-wish", "by-admin", "by-owner")) {
      running(name);
    }
    bed.run("run", "scancel", world.get("by-admin").status().jobId());
    bed.run(
        "run",
        "runuser",
        "-u",
        bed.setting("HPC_USER"),
        "--",
        "scancel",
        world.get("by-owner").status().jobId());
    world.api.patch(
        GpuResources.GPU_JOBS,
        new ObjectKey("default", "by-wish"),
        "",
        PatchType.MERGE,
        Json.parse("{\"spec\":{\"cancelled\":true}}"));
    assertCancelled("by-wish", "CancelledOnRequest");
    assertCancelled("by-admin", "CancelledByAdministrator");
    assertCancelled("by-owner", "CancelledByUser");
  }

  private static void assertCancelled(String name, String reason) throws InterruptedException {
    GpuJob.Status status = end(name);
    assertThat(status.current()).isEqualTo(Phase.Cancelled);
    assertThat(status.reason()).isEqualTo(reason);
    assertThat(status.slurmState()).isEqualTo("CANCELLED");
  }

  @Test
  @Order(4)
  void saysThatAJobWillNeverStart() throws Exception {
    create("held", "true", "\"gpus\":4", "");
    create("held-back", "sleep 30", "", "");
    running("held-back");
    bed.run("run", "scontrol", "hold", submitHeld());
    GpuJob job = world.await("waits", LONG, found -> found.status().reason().startsWith("JobHeld"));
    assertThat(job.status().current()).isEqualTo(Phase.Queued);
    assertThat(job.status().advice()).isNotEmpty();
    world.api.delete(GpuResources.GPU_JOBS, job.key(), DeleteOptions.BACKGROUND);
    world.api.delete(
        GpuResources.GPU_JOBS, new ObjectKey("default", "held-back"), DeleteOptions.BACKGROUND);
  }

  /** A job that waits for one that runs, so that it can be held. */
  private static String submitHeld() throws InterruptedException {
    create(
        "waits",
        "true",
        "\"dependency\":\"afterok:" + world.get("held-back").status().jobId() + "\"",
        "");
    return world
        .await("waits", LONG, job -> job.status().current() == Phase.Queued)
        .status()
        .jobId();
  }

  @Test
  @Order(5)
  void suspendsAndResumes() throws Exception {
    create("pause", "if [[ $PWD == */1/work ]]; then sleep 300; fi; echo again", "", "");
    running("pause");
    ObjectKey key = new ObjectKey("default", "pause");
    world.api.patch(
        GpuResources.GPU_JOBS,
        key,
        "",
        PatchType.MERGE,
        Json.parse("{\"spec\":{\"suspend\":true}}"));
    GpuJob paused = world.await("pause", LONG, job -> job.status().current() == Phase.Suspended);
    assertThat(Condition.isTrue(paused.status().conditions(), "Suspended")).isTrue();
    world.api.patch(
        GpuResources.GPU_JOBS,
        key,
        "",
        PatchType.MERGE,
        Json.parse("{\"spec\":{\"suspend\":false}}"));
    GpuJob.Status status = end("pause");
    assertThat(status.current()).isEqualTo(Phase.Succeeded);
    assertThat(status.attempt()).isEqualTo(2);
  }

  @Test
  @Order(6)
  void cancelsInSlurmWhatIsDeleted() throws Exception {
    create("deleted", "sleep 300", "", "");
    running("deleted");
    GpuJob job = world.get("deleted");
    long begin = System.nanoTime();
    world.api.delete(GpuResources.GPU_JOBS, job.key(), DeleteOptions.BACKGROUND);
    String state = "";
    while (!state.startsWith("CANCELLED")) {
      state =
          bed.run("run", "scontrol", "-o", "show", "job", job.status().jobId())
              .replaceAll("(?s).*JobState=(\\w+).*", "$1");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);
    }
    System.out.println(
        "FIGURE delete to CANCELLED: "
            + Duration.ofNanos(System.nanoTime() - begin).toMillis()
            + " ms");
    while (world.api.find(GpuResources.GPU_JOBS, job.key()).isPresent()) {
      Thread.sleep(20);
    }
    assertThat(results.resolve("default/deleted")).doesNotExist();
    assertThat(Path.of(job.status().remoteDirectory())).doesNotExist();
  }

  @Test
  @Order(9)
  void saysThatTheTimeWasOver() throws Exception {
    GpuJob.Status status = end("time-limit");
    assertThat(status.current()).isEqualTo(Phase.Failed);
    assertThat(status.slurmState()).isEqualTo("TIMEOUT");
    assertThat(status.reason()).isEqualTo("TimeLimit");
    assertThat(status.advice()).contains("slurm.time");
  }
}
