package minik8s.kubelet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import minik8s.api.Condition;
import minik8s.api.ContainerState.Waiting;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ContainerConfig.Processes;
import minik8s.kubelet.runtime.ContainerConfig.Propagation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod on a node of fakes is surrounded with, and what is refused. */
class PodSurroundingsTest {
  @TempDir Path root;

  private static String spec(String ofPod, String ofContainer) {
    return ("{'nodeName':'n1',"
            + ofPod
            + "'containers':[{'name':'c','image':'app:1'"
            + ofContainer
            + "}]}")
        .replace('\'', '"');
  }

  private static boolean waits(Pod pod, String reason) {
    return !pod.status().containerStatuses().isEmpty()
        && pod.status().containerStatuses().getFirst().state() instanceof Waiting w
        && w.reason().equals(reason);
  }

  private static ContainerConfig started(Bench bench) throws InterruptedException {
    bench.sync();
    return bench.runtime.config(bench.runtime.running("c").id());
  }

  private Path volume(Bench bench, String kind, String name) {
    return root.resolve("pods/" + bench.pod().uid() + "/volumes/" + kind + "/" + name);
  }

  @Test
  void givesEveryContainerItsNamesAndResolver() throws Exception {
    Bench bench =
        new Bench(root, spec("'hostAliases':[{'ip':'10.1.2.3','hostnames':['foo.remote']}],", ""));
    ContainerConfig config = started(bench);
    Mount hosts =
        config.mounts().stream()
            .filter(m -> m.containerPath().equals("/etc/hosts"))
            .findFirst()
            .orElseThrow();
    assertThat(Files.readString(Path.of(hosts.hostPath())))
        .contains(bench.picture.pod(bench.pod().uid()).all().getLast().ip() + "\tweb\n")
        .contains("10.1.2.3\tfoo.remote");
    assertThat(config.mounts()).extracting(Mount::containerPath).contains("/etc/resolv.conf");
  }

  @Test
  void leavesAPlaceToTheContainerThatUsesItItself() throws Exception {
    Bench bench =
        new Bench(
            root,
            spec(
                "'volumes':[{'name':'v','emptyDir':{}}],",
                ",'volumeMounts':[{'name':'v','mountPath':'/etc/hosts'}]"));
    assertThat(started(bench).mounts())
        .filteredOn(m -> m.containerPath().equals("/etc/hosts"))
        .hasSize(1);
  }

  @Test
  void sharesProcessesThroughTheSandbox() throws Exception {
    Bench bench = new Bench(root, spec("'shareProcessNamespace':true,", ""));
    ContainerConfig config = started(bench);
    assertThat(config.isolation().processes())
        .isEqualTo(new Processes.Of(bench.runtime.running("POD").id()));
  }

  @Test
  void waitsWhereAnImageWouldRunAsRoot() throws Exception {
    Bench bench = new Bench(root, spec("'securityContext':{'runAsNonRoot':true},", ""));
    bench.sync();
    Pod pod = bench.settled(p -> waits(p, "CreateContainerConfigError"));
    assertThat(((Waiting) pod.status().containerStatuses().getFirst().state()).message())
        .startsWith("container has runAsNonRoot and image will run as root (pod: \"web_default(");
  }

  @Test
  void refusesAPodThatSetsWhatIsNotItsOwn() throws Exception {
    Bench bench =
        new Bench(
            root,
            spec("'securityContext':{'sysctls':[{'name':'kernel.msgmax','value':'1'}]},", ""));
    bench.sync();
    Pod pod = bench.settled(p -> p.status().phase().equals("Failed"));
    assertThat(pod.status().reason()).isEqualTo("SysctlForbidden");
    assertThat(pod.status().message())
        .isEqualTo("Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted");
    assertThat(pod.status().containerStatuses()).isEmpty();
    assertThat(bench.runtime.calls()).isEmpty();
  }

  @Test
  void endsAnEvictedPodBeforeItSaysSo() throws Exception {
    Bench bench = new Bench(root, spec("", ""));
    bench.sync();
    bench.settled(Pod::ready);
    bench.runtime.ignoreTerm("c");
    bench.evict(Verdict.evicted("The node was low on resource: memory. ", Duration.ofSeconds(1)));
    bench.sync();
    assertThat(bench.pod().status().phase()).isEqualTo("Running");
    bench.timers.advance(Duration.ofSeconds(3));
    bench.sync();
    Pod pod = bench.settled(p -> p.status().phase().equals("Failed"));
    assertThat(pod.status().reason()).isEqualTo("Evicted");
    assertThat(pod.status().message()).isEqualTo("The node was low on resource: memory. ");
    assertThat(Condition.isTrue(pod.status().conditions(), "DisruptionTarget")).isTrue();
    bench.restart();
    bench.sync();
    assertThat(bench.runtime.calls()).filteredOn("create c"::equals).hasSize(1);
  }

  @Test
  void showsTheRegistryThePullSecret() throws Exception {
    Bench bench =
        new Bench(
            root,
            spec("'imagePullSecrets':[{'name':'gone'},{'name':'regcred'}],", "")
                .replace("app:1", "r.example/app:1"));
    String config = "{\"auths\":{\"r.example\":{\"username\":\"jane\",\"password\":\"secret\"}}}";
    bench.api.create(
        Resources.SECRETS,
        "default",
        Json.parse(
            "{\"metadata\":{\"name\":\"regcred\"},\"data\":{\".dockerconfigjson\":\"%s\"}}"
                .formatted(
                    Base64.getEncoder()
                        .encodeToString(
                            config.getBytes(java.nio.charset.StandardCharsets.UTF_8)))));
    bench.runtime.allowPull("r.example/app:1", "jane:secret");
    bench.settledAfterSync(Pod::ready);
  }

  @Test
  void waitsForAClaimAndMountsWhatIsBound() throws Exception {
    Path storage = Files.createDirectory(root.resolve("storage"));
    Bench bench =
        new Bench(
            root,
            spec(
                "'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'data'}}],",
                ",'volumeMounts':[{'name':'v','mountPath':'/data','mountPropagation':'HostToContainer'}]"));
    bench.sync();
    assertThat(bench.runtime.calls()).isEmpty();
    bench.api.create(
        Resources.PERSISTENT_VOLUME_CLAIMS,
        "default",
        Json.parse(
            "{\"metadata\":{\"name\":\"data\"},\"spec\":{\"volumeName\":\"pv\"},\"status\":{\"phase\":\"Bound\"}}"));
    String claim =
        bench.api.get(Resources.PERSISTENT_VOLUME_CLAIMS, new ObjectKey("default", "data")).uid();
    bench.api.create(
        Resources.PERSISTENT_VOLUMES,
        "",
        Json.parse(
            "{\"metadata\":{\"name\":\"pv\"},\"spec\":{\"local\":{\"path\":\"%s\"},\"claimRef\":{\"uid\":\"%s\"}}}"
                .formatted(storage, claim)));
    bench.changed();
    assertThat(started(bench).mounts())
        .contains(new Mount(storage.toString(), "/data", false, Propagation.TO_CONTAINER));
  }

  @Test
  void limitsContainersWithoutLimitsOfTheirOwnByTheirPods() throws Exception {
    Bench bench =
        new Bench(root, spec("'resources':{'limits':{'memory':'64Mi','cpu':'500m'}},", ""));
    ContainerConfig config = started(bench);
    assertThat(config.limits().memoryBytes()).isEqualTo(64 << 20);
    assertThat(config.limits().cpuQuotaMicros()).isEqualTo(50_000);
    assertThat(bench.settled(Pod::ready).status().qosClass()).isEqualTo("Guaranteed");
  }

  @Test
  void runsAsItsRuntimeClassSays() throws Exception {
    Bench bench = new Bench(root, spec("'runtimeClassName':'sandboxed',", ",'workingDir':'/work'"));
    bench.sync();
    assertThat(bench.runtime.calls()).isEmpty();
    bench.api.create(
        Resources.RUNTIME_CLASSES,
        "",
        Json.parse("{\"metadata\":{\"name\":\"sandboxed\"},\"handler\":\"runsc\"}"));
    bench.timers.advance(Duration.ofSeconds(2));
    ContainerConfig config = started(bench);
    assertThat(config.isolation().runtime()).isEqualTo("runsc");
    assertThat(config.workingDir()).isEqualTo("/work");
  }

  @Test
  void keepsSubPathsInsideTheirVolume() throws Exception {
    Bench bench =
        new Bench(
            root,
            spec(
                "'volumes':[{'name':'v','emptyDir':{}}],",
                ",'env':[{'name':'A','value':'deep/er'}],"
                    + "'volumeMounts':[{'name':'v','mountPath':'/a','subPathExpr':'$(A)'},"
                    + "{'name':'v','mountPath':'/b','subPath':'link'}]"));
    bench.sync();
    assertThat(started(bench).mounts())
        .extracting(Mount::hostPath)
        .contains(
            volume(bench, "kubernetes.io~empty-dir", "v")
                .resolve("deep/er")
                .toRealPath()
                .toString());
    Path link = volume(bench, "kubernetes.io~empty-dir", "v").resolve("link");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("/etc"));
    bench.runtime.exit("c", 1);
    bench.sync();
    Pod pod = bench.settled(p -> waits(p, "CreateContainerConfigError"));
    assertThat(((Waiting) pod.status().containerStatuses().getFirst().state()).message())
        .isEqualTo("subPath \"link\" leaves volume \"v\"");
  }

  @Test
  void givesVolumesToThePodsGroup() throws Exception {
    Bench bench =
        new Bench(
            root,
            spec(
                "'securityContext':{'fsGroup':2000},'volumes':[{'name':'v','emptyDir':{}},"
                    + "{'name':'s','configMap':{'name':'m','defaultMode':256}}],",
                ""));
    bench.api.create(
        Resources.CONFIG_MAPS,
        "default",
        Json.parse("{\"metadata\":{\"name\":\"m\"},\"data\":{\"k\":\"1\"}}"));
    ContainerConfig config = started(bench);
    assertThat(config.security().groups()).isEqualTo(List.of("2000"));
    assertThat(attributes(volume(bench, "kubernetes.io~empty-dir", "v")))
        .isEqualTo(Map.of("gid", 2000, "mode", 02777));
    assertThat(attributes(volume(bench, "kubernetes.io~files", "s").resolve("k")))
        .isEqualTo(Map.of("gid", 2000, "mode", 0440));
  }

  private static Map<String, Object> attributes(Path path) throws IOException {
    return Map.of(
        "gid",
        Files.getAttribute(path, "unix:gid"),
        "mode",
        (int) Files.getAttribute(path, "unix:mode") & 07777);
  }
}
