package minik8s.kubelet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import minik8s.api.ContainerState.Running;
import minik8s.api.ContainerState.Terminated;
import minik8s.api.ContainerState.Waiting;
import minik8s.api.Pod;
import minik8s.api.PodStatus.ContainerStatus;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodSyncerTest {
  private static final String ONE =
      "{\"nodeName\":\"n1\",\"containers\":[{\"name\":\"c\",\"image\":\"app:1\"}]}";

  @TempDir Path root;

  private static ContainerStatus status(Pod pod) {
    return pod.status().containerStatuses().getFirst();
  }

  private static boolean seen(Pod pod) {
    return !pod.status().containerStatuses().isEmpty();
  }

  private static boolean waits(Pod pod, String reason) {
    return seen(pod) && status(pod).state() instanceof Waiting w && w.reason().equals(reason);
  }

  private static String with(String field) {
    return ONE.replace("\"nodeName\"", field + ",\"nodeName\"");
  }

  @Test
  void startsSandboxAndContainerAndSaysSo() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    assertThat(bench.sync()).isEqualTo(new PodSyncer.Next.Rest());
    Pod pod = bench.settled(Pod::ready);
    assertThat(pod.status().phase()).isEqualTo("Running");
    assertThat(pod.status().podIP()).startsWith("10.0.0.");
    assertThat(status(pod).containerID()).startsWith("docker://id");
    assertThat(bench.runtime.calls())
        .containsExactly("create POD", "start POD", "create c", "start c");
  }

  @Test
  void writesNothingWhenNothingChanged() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    bench.sync();
    bench.settled(Pod::ready);
    bench.api.clearWrites();
    bench.sync();
    bench.timers.advance(Duration.ofMinutes(1));
    bench.sync();
    assertThat(bench.api.writes()).filteredOn(w -> w.plural().equals("pods")).isEmpty();
  }

  @Test
  void touchesNoContainerAfterARestartOfTheKubelet() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    bench.sync();
    bench.settled(Pod::ready);
    bench.restart();
    bench.sync();
    assertThat(bench.runtime.calls()).hasSize(4);
  }

  @Test
  void restartsAtOnceThenBacksOff() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    bench.sync();
    bench.runtime.exit("c", 1);
    bench.sync();
    Pod pod = bench.settled(p -> seen(p) && status(p).restartCount() == 1);
    assertThat(status(pod).state()).isInstanceOf(Running.class);
    assertThat(status(pod).lastState())
        .isInstanceOfSatisfying(Terminated.class, t -> assertThat(t.exitCode()).isEqualTo(1));
    bench.runtime.exit("c", 1);
    PodSyncer.Next next = bench.sync();
    assertThat(next).isInstanceOf(PodSyncer.Next.At.class);
    pod = bench.settled(p -> waits(p, "CrashLoopBackOff"));
    assertThat(((Waiting) status(pod).state()).message())
        .isEqualTo("back-off 10s restarting failed container=c pod=web_default(" + pod.uid() + ")");
    bench.timers.advance(Duration.ofSeconds(10));
    bench.sync();
    bench.settled(p -> seen(p) && status(p).restartCount() == 2 && status(p).ready());
    assertThat(bench.picture.pod(pod.uid()).runs("c")).hasSize(2);
  }

  @Test
  void leavesANeverPodEndedAndRemovesItsSandbox() throws InterruptedException {
    Bench bench = new Bench(root, with("\"restartPolicy\":\"Never\""));
    bench.sync();
    bench.runtime.exit("c", 3);
    bench.sync();
    Pod pod = bench.settled(p -> p.status().phase().equals("Failed"));
    assertThat(status(pod).state()).isInstanceOf(Terminated.class);
    bench.sync();
    assertThat(bench.picture.pod(pod.uid()).sandboxes()).isEmpty();
    assertThat(bench.picture.pod(pod.uid()).containers()).hasSize(1);
    bench.restart();
    bench.sync();
    assertThat(bench.runtime.calls()).filteredOn("create c"::equals).hasSize(1);
  }

  @Test
  void repeatsAFailedOnFailurePodUntilItSucceeds() throws InterruptedException {
    Bench bench = new Bench(root, with("\"restartPolicy\":\"OnFailure\""));
    bench.sync();
    bench.runtime.exit("c", 1);
    bench.sync();
    bench.runtime.exit("c", 0);
    bench.sync();
    Pod pod = bench.settled(p -> p.status().phase().equals("Succeeded"));
    assertThat(status(pod).restartCount()).isEqualTo(1);
  }

  @Test
  void runsInitContainersInOrder() throws InterruptedException {
    Bench bench =
        new Bench(
            root,
            with(
                "\"initContainers\":[{\"name\":\"i1\",\"image\":\"app:1\"},{\"name\":\"i2\",\"image\":\"app:1\"}]"));
    bench.sync();
    Pod pod = bench.settled(p -> !p.status().initContainerStatuses().isEmpty());
    assertThat(pod.status().phase()).isEqualTo("Pending");
    bench.runtime.exit("i1", 0);
    bench.sync();
    bench.runtime.exit("i2", 0);
    bench.sync();
    bench.settled(Pod::ready);
    assertThat(bench.runtime.calls()).containsSubsequence("start i1", "start i2", "start c");
  }

  @Test
  void endsGracefullyAndSpeaksTheLastWord() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    bench.sync();
    Pod pod = bench.settled(Pod::ready);
    bench.api.delete(Resources.PODS, Bench.KEY, DeleteOptions.ofUid(pod.uid()));
    assertThat(bench.sync()).isEqualTo(new PodSyncer.Next.Done());
    assertThat(bench.gone()).isTrue();
    assertThat(bench.runtime.list()).isEmpty();
    assertThat(bench.runtime.calls())
        .containsSubsequence("signal c SIGTERM", "remove POD", "remove c")
        .doesNotContain("signal c KILL");
  }

  @Test
  void killsWhatIgnoresTheSignalAfterItsGrace() throws InterruptedException {
    Bench bench = new Bench(root, with("\"terminationGracePeriodSeconds\":7"));
    bench.runtime.ignoreTerm("c");
    bench.sync();
    Pod pod = bench.settled(Pod::ready);
    bench.api.delete(Resources.PODS, Bench.KEY, DeleteOptions.ofUid(pod.uid()));
    assertThat(bench.sync()).isInstanceOf(PodSyncer.Next.At.class);
    bench.timers.advance(Duration.ofSeconds(6));
    bench.sync();
    assertThat(bench.runtime.calls()).doesNotContain("signal c KILL");
    bench.timers.advance(Duration.ofSeconds(1));
    bench.sync();
    assertThat(bench.runtime.calls()).contains("signal c KILL");
    assertThat(bench.gone()).isTrue();
  }

  @Test
  void killsPatientlyWhatDiesSlowly() throws InterruptedException {
    Bench bench = new Bench(root, with("\"terminationGracePeriodSeconds\":1"));
    bench.sync();
    Pod pod = bench.settled(Pod::ready);
    bench.runtime.endNothing(true);
    bench.api.delete(Resources.PODS, Bench.KEY, DeleteOptions.ofUid(pod.uid()));
    bench.sync();
    bench.timers.advance(Duration.ofSeconds(1));
    assertThat(bench.sync()).isInstanceOf(PodSyncer.Next.At.class);
    assertThat(bench.runtime.calls()).filteredOn("signal c KILL"::equals).hasSize(1);
    bench.timers.advance(Duration.ofSeconds(2));
    bench.sync();
    assertThat(bench.runtime.calls()).filteredOn("signal c KILL"::equals).hasSize(2);
    bench.runtime.endNothing(false);
    bench.timers.advance(Duration.ofSeconds(2));
    bench.sync();
    assertThat(bench.gone()).isTrue();
  }

  @Test
  void leavesANewPodOfTheSameNameAlone() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    bench.sync();
    Pod old = bench.settled(Pod::ready);
    bench.api.delete(Resources.PODS, Bench.KEY, DeleteOptions.now(old.uid()));
    bench.api.create(
        Resources.PODS,
        "default",
        Json.parse("{\"metadata\":{\"name\":\"web\"},\"spec\":" + ONE + "}"));
    Pod fresh = bench.pod();
    assertThat(fresh.uid()).isNotEqualTo(old.uid());
    assertThat(bench.sync(old, true)).isInstanceOf(PodSyncer.Next.class);
    assertThat(bench.pod().uid()).isEqualTo(fresh.uid());
    assertThat(bench.pod().metadata().deleting()).isFalse();
  }

  @Test
  void buildsANewSandboxWhenTheOldOneDied() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    bench.sync();
    Pod pod = bench.settled(Pod::ready);
    bench.runtime.exit("POD", 137);
    bench.sync();
    bench.settled(p -> seen(p) && status(p).restartCount() == 1 && p.ready());
    assertThat(bench.picture.pod(pod.uid()).sandboxes())
        .singleElement()
        .satisfies(s -> assertThat(s.attempt()).isEqualTo(1));
    assertThat(status(bench.pod()).state()).isInstanceOf(Running.class);
  }

  @Test
  void showsAFailedPullThenItsBackOff() throws InterruptedException {
    Bench bench = new Bench(root, ONE.replace("app:1", "app:2"));
    bench.sync();
    bench.settledAfterSync(p -> waits(p, "ErrImagePull"));
    bench.timers.advance(Duration.ofSeconds(3));
    bench.sync();
    Pod pod = bench.settled(p -> waits(p, "ImagePullBackOff"));
    assertThat(((Waiting) status(pod).state()).message()).contains("app:2", "pull access denied");
    bench.runtime.allowPull("app:2");
    bench.timers.advance(Duration.ofSeconds(10));
    bench.sync();
    bench.settledAfterSync(Pod::ready);
  }

  @Test
  void waitsForAMissingConfigMap() throws InterruptedException {
    Bench bench =
        new Bench(
            root,
            ONE.replace(
                "\"image\"",
                "\"env\":[{\"name\":\"A\",\"valueFrom\":{\"configMapKeyRef\":{\"name\":\"cfg\",\"key\":\"a\"}}}],\"image\""));
    bench.sync();
    Pod pod = bench.settled(p -> waits(p, "CreateContainerConfigError"));
    assertThat(((Waiting) status(pod).state()).message()).isEqualTo("configmap \"cfg\" not found");
    bench.api.create(
        Resources.CONFIG_MAPS,
        "default",
        Json.parse("{\"metadata\":{\"name\":\"cfg\"},\"data\":{\"a\":\"1\"}}"));
    bench.timers.advance(Duration.ofSeconds(5));
    bench.sync();
    bench.settled(Pod::ready);
    String id = bench.runtime.running("c").id();
    assertThat(bench.runtime.config(id).env()).contains("A=1");
  }

  @Test
  void replacesAContainerWhoseImageChanged() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    bench.sync();
    bench.settled(Pod::ready);
    bench.runtime.allowPull("app:2");
    bench.runtime.pull("app:2", null);
    bench.api.patch(
        Resources.PODS,
        Bench.KEY,
        "",
        PatchType.MERGE,
        Json.parse("{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"app:2\"}]}}"));
    bench.sync();
    bench.settled(
        p -> seen(p) && status(p).restartCount() == 1 && status(p).image().equals("app:2"));
    assertThat(bench.runtime.config(bench.runtime.running("c").id()).image()).isEqualTo("app:2");
  }

  @Test
  void waitsWhileTheRuntimeIsDown() throws InterruptedException {
    Bench bench = new Bench(root, ONE);
    bench.sync();
    bench.settled(Pod::ready);
    bench.runtime.goDown(true);
    bench.sync();
    assertThat(bench.pod().ready()).isTrue();
    bench.runtime.goDown(false);
    assertThat(bench.sync()).isEqualTo(new PodSyncer.Next.Rest());
    assertThat(bench.runtime.calls()).hasSize(4);
  }

  @Test
  void bringsChangedConfigMapsIntoVolumesAlsoAfterARestart() throws Exception {
    Bench bench =
        new Bench(
            root,
            with("\"volumes\":[{\"name\":\"v\",\"configMap\":{\"name\":\"cfg\"}}]")
                .replace(
                    "\"image\"",
                    "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\"}],\"image\""));
    bench.sync();
    assertThat(bench.runtime.calls()).isEmpty();
    bench.api.create(
        Resources.CONFIG_MAPS,
        "default",
        Json.parse("{\"metadata\":{\"name\":\"cfg\"},\"data\":{\"a\":\"1\"}}"));
    bench.timers.advance(Duration.ofSeconds(1));
    bench.sync();
    bench.settled(Pod::ready);
    String host =
        bench.runtime.config(bench.runtime.running("c").id()).mounts().getFirst().hostPath();
    assertThat(Path.of(host, "a")).hasContent("1");
    setData(bench, "2");
    bench.changed();
    bench.sync();
    assertThat(Path.of(host, "a")).hasContent("2");
    setData(bench, "3");
    bench.restart();
    bench.sync();
    assertThat(Path.of(host, "a")).hasContent("3");
  }

  private static void setData(Bench bench, String value) {
    bench.api.patch(
        Resources.CONFIG_MAPS,
        new minik8s.api.ObjectKey("default", "cfg"),
        "",
        PatchType.MERGE,
        Json.parse("{\"data\":{\"a\":\"" + value + "\"}}"));
  }
}
