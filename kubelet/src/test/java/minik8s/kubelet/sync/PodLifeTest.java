package minik8s.kubelet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import minik8s.api.Condition;
import minik8s.api.ContainerState.Terminated;
import minik8s.api.ContainerState.Waiting;
import minik8s.api.Event;
import minik8s.api.Pod;
import minik8s.api.PodStatus.ContainerStatus;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Init containers, sidecars, probes, hooks and deadlines of one pod, over fakes. */
class PodLifeTest {
  @TempDir Path root;

  @SuppressWarnings("NullAway.Init")
  private Bench bench;

  private static String probe(String word, String more) {
    return "{\"exec\":{\"command\":[\"" + word + "\"]}" + more + "}";
  }

  private static String container(String name, String more) {
    return "{\"name\":\"" + name + "\",\"image\":\"app:1\"" + more + "}";
  }

  private static String spec(String inits, String apps, String more) {
    return "{\"nodeName\":\"n1\",\"initContainers\":["
        + inits
        + "],\"containers\":["
        + apps
        + "]"
        + more
        + "}";
  }

  private static final String SIDECAR = ",\"restartPolicy\":\"Always\"";

  private Bench bench(String spec) {
    bench = new Bench(root, spec);
    return bench;
  }

  @AfterEach
  void stopProbes() {
    bench.close();
  }

  private void await(BooleanSupplier condition) {
    if (!comes(condition)) {
      throw new AssertionError("never came: " + bench.runtime.calls() + bench.prober.asked);
    }
  }

  private static boolean comes(BooleanSupplier condition) {
    for (int i = 0; i < 500; i++) {
      if (condition.getAsBoolean()) {
        return true;
      }
      LockSupport.parkNanos(10_000_000);
    }
    return false;
  }

  /** Lets probe periods pass until the condition holds: the first may pass before it is armed. */
  private void passing(BooleanSupplier condition) {
    bench.timers.advance(Duration.ofSeconds(10));
    if (!comes(condition)) {
      bench.timers.advance(Duration.ofSeconds(10));
      await(condition);
    }
  }

  /** Lets one probe period pass, waits for its answer, and looks. */
  private void period(String asked) throws InterruptedException {
    long before = bench.prober.asked.stream().filter(asked::equals).count();
    passing(() -> bench.prober.asked.stream().filter(asked::equals).count() > before);
    await(() -> bench.poked());
    bench.sync();
  }

  private static ContainerStatus status(Pod pod, String name) {
    for (List<ContainerStatus> list :
        List.of(
            pod.status().containerStatuses(),
            pod.status().initContainerStatuses(),
            pod.status().ephemeralContainerStatuses())) {
      for (ContainerStatus status : list) {
        if (status.name().equals(name)) {
          return status;
        }
      }
    }
    throw new AssertionError("no status of " + name + " in " + pod.status());
  }

  private void awaitEvent(String reason, String message) {
    await(() ->
        bench.api.list(Resources.EVENTS, ListOptions.ALL).items().stream()
            .anyMatch((Event e) -> e.reason().equals(reason) && e.message().equals(message)));
  }

  @Test
  void startsSidecarsInOrderAndTheAppOnceTheyHaveStarted() throws InterruptedException {
    bench(
        spec(
            container("i1", "")
                + ","
                + container("s1", SIDECAR + ",\"startupProbe\":" + probe("up", ""))
                + ","
                + container("i2", ""),
            container("c", ""),
            ""));
    bench.prober.fail("up");
    bench.sync();
    bench.runtime.exit("i1", 0);
    bench.sync();
    assertThat(bench.runtime.calls()).contains("start s1").doesNotContain("start i2");
    Pod pod = bench.settled(p -> p.status().initContainerStatuses().size() == 3);
    assertThat(pod.status().phase()).isEqualTo("Pending");
    bench.prober.recover("up");
    period("s1 up");
    assertThat(bench.runtime.calls()).contains("start i2").doesNotContain("start c");
    bench.runtime.exit("i2", 0);
    bench.sync();
    pod = bench.settled(Pod::ready);
    assertThat(bench.runtime.calls())
        .containsSubsequence("start i1", "start s1", "start i2", "start c");
    assertThat(status(pod, "s1").ready()).isTrue();
    assertThat(Condition.isTrue(pod.status().conditions(), "Initialized")).isTrue();
  }

  @Test
  void restartsASidecarThatEndsBesideARunningApp() throws InterruptedException {
    bench(spec(container("s1", SIDECAR), container("c", ""), ",\"restartPolicy\":\"Never\""));
    bench.sync();
    bench.settled(Pod::ready);
    bench.runtime.exit("s1", 0);
    bench.sync();
    bench.settled(p -> status(p, "s1").restartCount() == 1 && p.ready());
    assertThat(bench.runtime.calls()).filteredOn("start c"::equals).hasSize(1);
  }

  @Test
  void stopsSidecarsAfterTheAppInReverse() throws InterruptedException {
    bench(spec(container("s1", SIDECAR) + "," + container("s2", SIDECAR), container("c", ""), ""));
    bench.sync();
    Pod pod = bench.settled(Pod::ready);
    bench.api.delete(Resources.PODS, Bench.KEY, DeleteOptions.ofUid(pod.uid()));
    bench.sync();
    assertThat(bench.gone()).isTrue();
    assertThat(bench.runtime.calls())
        .containsSubsequence("signal c SIGTERM", "signal s2 SIGTERM", "signal s1 SIGTERM");
  }

  @Test
  void givesSidecarsWhatTheAppLeftOfTheGrace() throws InterruptedException {
    bench(
        spec(
            container("s1", SIDECAR), container("c", ""), ",\"terminationGracePeriodSeconds\":10"));
    bench.runtime.ignoreTerm("c");
    bench.runtime.ignoreTerm("s1");
    bench.sync();
    Pod pod = bench.settled(Pod::ready);
    bench.api.delete(Resources.PODS, Bench.KEY, DeleteOptions.ofUid(pod.uid()));
    bench.sync();
    bench.timers.advance(Duration.ofSeconds(9));
    bench.sync();
    assertThat(bench.runtime.calls()).doesNotContain("signal c KILL", "signal s1 SIGTERM");
    bench.timers.advance(Duration.ofSeconds(1));
    bench.sync();
    assertThat(bench.runtime.calls()).containsSubsequence("signal c KILL", "signal s1 SIGTERM");
    bench.timers.advance(Duration.ofSeconds(2));
    bench.sync();
    assertThat(bench.runtime.calls()).contains("signal s1 KILL");
    assertThat(bench.gone()).isTrue();
  }

  @Test
  void endsAJobsPodWhoseSidecarStillRuns() throws InterruptedException {
    bench(spec(container("s1", SIDECAR), container("c", ""), ",\"restartPolicy\":\"OnFailure\""));
    bench.sync();
    bench.settled(Pod::ready);
    bench.runtime.exit("c", 0);
    bench.sync();
    bench.settled(p -> p.status().phase().equals("Succeeded"));
    assertThat(bench.runtime.calls()).contains("signal s1 SIGTERM");
    assertThat(bench.runtime.calls()).filteredOn("start s1"::equals).hasSize(1);
  }

  @Test
  void failsAPodWhoseInitContainerFailedForGood() throws InterruptedException {
    bench(
        spec(
            container("s1", SIDECAR) + "," + container("i1", ""),
            container("c", ""),
            ",\"restartPolicy\":\"Never\""));
    bench.sync();
    bench.runtime.exit("i1", 2);
    bench.sync();
    bench.settled(p -> p.status().phase().equals("Failed"));
    assertThat(bench.runtime.calls()).contains("signal s1 SIGTERM").doesNotContain("start c");
  }

  @Test
  void takesAPodOutOfServiceAndBackIn() throws InterruptedException {
    bench(spec("", container("c", ",\"readinessProbe\":" + probe("ready", "")), ""));
    bench.prober.fail("ready");
    bench.sync();
    Pod pod =
        bench.settled(p ->
            !p.status().containerStatuses().isEmpty()
                && Boolean.TRUE.equals(status(p, "c").started()));
    assertThat(pod.ready()).isFalse();
    assertThat(pod.status().phase()).isEqualTo("Running");
    await(() -> bench.prober.asked.size() == 1);
    bench.prober.recover("ready");
    period("c ready");
    bench.settled(Pod::ready);
    bench.prober.fail("ready");
    for (int i = 0; i < 2; i++) {
      bench.timers.advance(Duration.ofSeconds(10));
      int times = i;
      await(() -> bench.prober.asked.size() >= 3 + times);
    }
    assertThat(bench.pod().ready()).isTrue();
    period("c ready");
    bench.settled(p -> !p.ready());
    awaitEvent("Unhealthy", "Readiness probe failed: no ready");
    assertThat(bench.runtime.calls()).hasSize(4);
  }

  @Test
  void restartsAContainerThatIsNoLongerAlive() throws InterruptedException {
    bench(
        spec(
            "",
            container(
                "c",
                ",\"livenessProbe\":"
                    + probe(
                        "alive", ",\"failureThreshold\":1,\"terminationGracePeriodSeconds\":3")),
            ""));
    bench.runtime.ignoreTerm("c");
    bench.sync();
    bench.settled(Pod::ready);
    bench.prober.fail("alive");
    period("c alive");
    awaitEvent("Killing", "Container c failed liveness probe, will be restarted");
    awaitEvent("Unhealthy", "Liveness probe failed: no alive");
    bench.prober.recover("alive");
    bench.timers.advance(Duration.ofSeconds(3));
    bench.sync();
    bench.settled(p -> status(p, "c").restartCount() == 1 && p.ready());
    assertThat(bench.runtime.calls()).containsSubsequence("signal c SIGTERM", "signal c KILL");
  }

  @Test
  void asksNothingElseUntilStarted() throws InterruptedException {
    bench(
        spec(
            "",
            container(
                "c",
                ",\"startupProbe\":"
                    + probe("up", ",\"failureThreshold\":2")
                    + ",\"livenessProbe\":"
                    + probe("alive", "")),
            ""));
    bench.prober.fail("up");
    bench.sync();
    bench.settled(p -> !p.status().containerStatuses().isEmpty());
    bench.timers.advance(Duration.ofMillis(1));
    await(() -> bench.prober.asked.contains("c up"));
    assertThat(bench.prober.asked).doesNotContain("c alive");
    period("c up");
    awaitEvent("Killing", "Container c failed startup probe, will be restarted");
    bench.prober.recover("up");
    bench.sync();
    period("c up");
    bench.settled(p -> status(p, "c").restartCount() == 1 && p.ready());
    passing(() -> bench.prober.asked.contains("c alive"));
  }

  @Test
  void keepsAPodReadyAcrossARestartOfTheKubelet() throws InterruptedException {
    bench(
        spec(
            "",
            container(
                "c",
                ",\"startupProbe\":"
                    + probe("up", "")
                    + ",\"readinessProbe\":"
                    + probe("ready", "")),
            ""));
    bench.sync();
    period("c up");
    period("c ready");
    bench.settled(Pod::ready);
    bench.api.clearWrites();
    bench.restart();
    bench.sync();
    bench.timers.advance(Duration.ofSeconds(1));
    bench.sync();
    assertThat(bench.api.writes()).filteredOn(w -> w.plural().equals("pods")).isEmpty();
    assertThat(bench.runtime.calls()).hasSize(4);
    bench.prober.fail("ready");
    for (int i = 0; i < 4; i++) {
      bench.timers.advance(Duration.ofSeconds(10));
      LockSupport.parkNanos(50_000_000);
    }
    bench.sync();
    bench.settled(p -> !p.ready());
  }

  @Test
  void waitsForReadinessGatesOfOthers() throws InterruptedException {
    bench(
        spec(
            "",
            container("c", ""),
            ",\"readinessGates\":[{\"conditionType\":\"example.com/gate\"}]"));
    bench.sync();
    Pod pod = bench.settled(p -> Condition.isTrue(p.status().conditions(), "ContainersReady"));
    Condition ready = Condition.find(pod.status().conditions(), "Ready");
    assertThat(ready).isNotNull();
    assertThat(ready.reason()).isEqualTo("ReadinessGatesNotReady");
    assertThat(ready.message())
        .isEqualTo(
            "corresponding condition of pod readiness gate \"example.com/gate\" does not exist.");
    bench.api.patchStatus(
        Resources.PODS,
        Bench.KEY,
        Json.parse(
            "{\"status\":{\"conditions\":[{\"type\":\"example.com/gate\",\"status\":\"True\"}]}}"));
    bench.sync();
    bench.settled(Pod::ready);
  }

  @Test
  void holdsTheNextContainerUntilThePostStartHookIsOver() throws InterruptedException {
    bench(
        spec(
            "",
            container("c", ",\"lifecycle\":{\"postStart\":{\"sleep\":{\"seconds\":5}}}")
                + ","
                + container("d", ""),
            ""));
    bench.sync();
    Pod pod = bench.settled(p -> !p.status().containerStatuses().isEmpty());
    assertThat(status(pod, "c").state()).isEqualTo(new Waiting("ContainerCreating", ""));
    assertThat(bench.runtime.calls()).doesNotContain("start d");
    bench.timers.advance(Duration.ofSeconds(5));
    await(() -> bench.poked());
    bench.sync();
    bench.settled(Pod::ready);
    assertThat(bench.runtime.calls()).containsSubsequence("start c", "start d");
  }

  @Test
  void killsAContainerWhosePostStartHookFailed() throws InterruptedException {
    bench(
        spec(
            "",
            container("c", ",\"lifecycle\":{\"postStart\":{\"exec\":{\"command\":[\"false\"]}}}"),
            ",\"restartPolicy\":\"Never\""));
    bench.sync();
    await(() -> bench.poked());
    bench.sync();
    Pod pod = bench.settled(p -> p.status().phase().matches("Succeeded|Failed"));
    assertThat(status(pod, "c").state()).isInstanceOf(Terminated.class);
    awaitEvent("FailedPostStartHook", "PostStartHook failed");
    awaitEvent("Killing", "FailedPostStartHook");
  }

  @Test
  void runsThePreStopHookWithinTheGrace() throws InterruptedException {
    bench(
        spec(
            "",
            container(
                "c",
                ",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":4}},\"stopSignal\":\"SIGUSR1\"}"),
            ",\"terminationGracePeriodSeconds\":10"));
    bench.sync();
    Pod pod = bench.settled(Pod::ready);
    bench.api.delete(Resources.PODS, Bench.KEY, DeleteOptions.ofUid(pod.uid()));
    assertThat(bench.sync()).isInstanceOf(PodSyncer.Next.At.class);
    assertThat(bench.runtime.calls()).doesNotContain("signal c SIGUSR1");
    bench.timers.advance(Duration.ofSeconds(4));
    await(() -> bench.poked());
    bench.sync();
    assertThat(bench.runtime.calls()).contains("signal c SIGUSR1");
    assertThat(bench.gone()).isTrue();
  }

  @Test
  void cutsAPreStopHookThatOverruns() throws InterruptedException {
    bench(
        spec(
            "",
            container("c", ",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":100}}}"),
            ",\"terminationGracePeriodSeconds\":10"));
    bench.runtime.ignoreTerm("c");
    bench.sync();
    Pod pod = bench.settled(Pod::ready);
    bench.api.delete(Resources.PODS, Bench.KEY, DeleteOptions.ofUid(pod.uid()));
    bench.sync();
    bench.timers.advance(Duration.ofSeconds(10));
    bench.sync();
    assertThat(bench.runtime.calls()).contains("signal c SIGTERM").doesNotContain("signal c KILL");
    bench.timers.advance(Duration.ofSeconds(2));
    bench.sync();
    assertThat(bench.runtime.calls()).contains("signal c KILL");
    assertThat(bench.gone()).isTrue();
  }

  @Test
  void failsAPodThatIsActiveForTooLong() throws InterruptedException {
    bench(spec("", container("c", ""), ",\"activeDeadlineSeconds\":20"));
    bench.sync();
    bench.settled(Pod::ready);
    assertThat(bench.sync()).isInstanceOf(PodSyncer.Next.At.class);
    bench.timers.advance(Duration.ofSeconds(20));
    bench.sync();
    Pod pod = bench.settled(p -> p.status().phase().equals("Failed"));
    assertThat(pod.status().reason()).isEqualTo("DeadlineExceeded");
    assertThat(bench.runtime.calls()).contains("signal c SIGTERM");
    bench.sync();
    assertThat(bench.runtime.calls()).filteredOn("start c"::equals).hasSize(1);
  }

  @Test
  void startsAnEphemeralContainerOnce() throws InterruptedException {
    bench(spec("", container("c", ""), ""));
    bench.sync();
    bench.settled(Pod::ready);
    bench.api.patch(
        Resources.PODS,
        Bench.KEY,
        "",
        PatchType.MERGE,
        Json.parse(
            "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"debug\",\"image\":\"app:1\"}]}}"));
    bench.sync();
    bench.settled(p ->
        !p.status().ephemeralContainerStatuses().isEmpty()
            && status(p, "debug").state() instanceof minik8s.api.ContainerState.Running);
    bench.runtime.exit("debug", 1);
    bench.sync();
    Pod pod = bench.settled(p -> status(p, "debug").state() instanceof Terminated);
    assertThat(pod.ready()).isTrue();
    bench.timers.advance(Duration.ofMinutes(1));
    bench.sync();
    assertThat(bench.runtime.calls()).filteredOn("start debug"::equals).hasSize(1);
  }
}
