package minik8s.gpu.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.api.Secret;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.GpuResources;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.GatewayMeter;
import minik8s.gpu.testbed.TestBed;
import minik8s.testing.FakeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What goes wrong between us and a cluster ends in a clear status, and nothing is lost. */
class OutagesIT {
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir Path results;
  private final TestBed bed = TestBed.shared();
  private final FakeApi api = new FakeApi();
  private GpuWorld world;

  @BeforeEach
  void start() {
    world = new GpuWorld(api, results, new RealGateways(GatewayMeter.NONE), null);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void job(String name, String cluster) {
    world.create(name, "{\"clusterName\":\"%s\",\"runScripts\":[\"echo ran\"]}".formatted(cluster));
  }

  private GpuJob awaitReason(String name, String reason) throws InterruptedException {
    return world.await(name, LONG, job -> job.status().reason().equals(reason));
  }

  private SlurmCluster awaitCluster(String name, Predicate<SlurmCluster> test)
      throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (true) {
      SlurmCluster cluster = api.get(GpuResources.SLURM_CLUSTERS, ObjectKey.cluster(name));
      if (test.test(cluster)) {
        return cluster;
      }
      assertThat(System.nanoTime()).as(cluster.status().toString()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private void succeeds(String name) throws InterruptedException {
    GpuJob job = world.awaitEnd(name, LONG);
    assertThat(job.status().current()).as(job.status().toString()).isEqualTo(Phase.Succeeded);
    assertThat(results.resolve("default").resolve(name).resolve(name + ".out")).hasContent("ran");
  }

  private int port() {
    return Integer.parseInt(bed.setting("HPC_PORT"));
  }

  private SlurmCluster other(String name, String secret, List<String> hostKeys, String way) {
    return bed.cluster(name, secret, "outages", port(), hostKeys, way);
  }

  private List<String> pinned() {
    return List.of(bed.file("HPC_HOST_KEY").strip());
  }

  @Test
  void refusesAHostWhoseKeyChangedOrIsNotPinned() throws Exception {
    world.create(bed.keySecret("hpc"));
    world.create(
        other(
            "changed",
            "hpc",
            List.of(Files.readString(Path.of(bed.setting("HPC_USER_CA") + ".pub"))),
            "Auto"));
    world.create(other("unpinned", "hpc", List.of(), "Auto"));
    job("a", "changed");
    job("b", "unpinned");
    GpuJob changed = awaitReason("a", "HostKeyChanged");
    assertThat(changed.status().message()).contains("SHA256:").contains("Nothing was sent");
    GpuJob unpinned = awaitReason("b", "HostKeyNotPinned");
    String key = bed.file("HPC_HOST_KEY").split(" ")[1];
    assertThat(unpinned.status().message()).contains("SHA256:");
    // The message tells what to pin, whichever of its keys the host showed.
    String line = unpinned.status().message().replaceAll(".*spec.hostKeys: ", "");
    assertThat(key).isNotEmpty();
    world.api.patch(
        GpuResources.SLURM_CLUSTERS,
        ObjectKey.cluster("unpinned"),
        "",
        PatchType.MERGE,
        Json.parse("{\"spec\":{\"hostKeys\":[\"" + line + "\"]}}"));
    succeeds("b");
  }

  @Test
  void triesAWrongPasswordOnceAndNotAgainUntilTheSecretChanges() throws Exception {
    String user = bed.setting("HPC_PW_USER");
    Secret wrong =
        TestBed.secret("pw", Map.of("username", user, "password", "wrong-password-4711"));
    long before = refusals(user);
    world.create(wrong);
    world.create(other("pw", "pw", pinned(), "Password"));
    job("p", "pw");
    awaitReason("p", "LoginRefused");
    // sshd answers first and writes its log after that.
    for (int i = 0; i < 50 && refusals(user) == before; i++) {
      Thread.sleep(100);
    }
    assertThat(refusals(user) - before).isEqualTo(1);
    // Not by another process either.
    world.close();
    world = new GpuWorld(api, results, new RealGateways(GatewayMeter.NONE), null);
    job("q", "pw");
    awaitReason("q", "LoginRefused");
    Thread.sleep(1500);
    assertThat(refusals(user) - before).isEqualTo(1);
    SlurmCluster cluster = api.get(GpuResources.SLURM_CLUSTERS, ObjectKey.cluster("pw"));
    assertThat(cluster.status().lastError()).contains(user).doesNotContain("4711");
    Secret right =
        TestBed.secret("pw", Map.of("username", user, "password", bed.setting("HPC_PASSWORD")));
    ObjectNode patch = Json.object();
    patch.set("data", Json.tree(right).get("data"));
    api.patch(Resources.SECRETS, wrong.key(), "", PatchType.MERGE, patch);
    world.wakeCluster("pw");
    succeeds("p");
    succeeds("q");
  }

  private long refusals(String user) throws IOException {
    try (var lines = Files.lines(bed.home().resolve("log/sshd.log"))) {
      return lines.filter(line -> line.contains("Failed password for " + user)).count();
    }
  }

  @Test
  void logsInWithKeysAndCertificatesButNotWithExpiredOnes() throws Exception {
    String user = bed.setting("HPC_USER");
    String key = bed.file("HPC_CERTIFIED_KEY");
    Map<String, Map<String, String>> ways =
        Map.of(
            "ecdsa", Map.of("username", user, "ssh-privatekey", bed.file("HPC_KEY")),
            "rsa", Map.of("username", user, "ssh-privatekey", bed.file("HPC_KEY_RSA")),
            "certificate",
                Map.of(
                    "username",
                    user,
                    "ssh-privatekey",
                    key,
                    "ssh-certificate",
                    bed.file("HPC_CERTIFICATE")),
            "expired",
                Map.of("username", user, "ssh-privatekey", key, "ssh-certificate", expired()));
    ways.forEach((name, data) -> {
      world.create(TestBed.secret(name, data));
      world.create(other(name, name, pinned(), "Auto"));
      job(name, name);
    });
    succeeds("ecdsa");
    succeeds("rsa");
    succeeds("certificate");
    GpuJob refused = awaitReason("expired", "CertificateExpired");
    assertThat(refused.status().message()).contains("expired at 2020");
  }

  /** A certificate of the same key that ended long ago. */
  private String expired() throws Exception {
    Path key = results.resolve("expired");
    Files.copy(Path.of(bed.setting("HPC_CERTIFIED_KEY") + ".pub"), results.resolve("expired.pub"));
    Process sign =
        new ProcessBuilder(
                "ssh-keygen",
                "-q",
                "-s",
                bed.setting("HPC_USER_CA"),
                "-I",
                "old",
                "-n",
                bed.setting("HPC_USER"),
                "-V",
                "20200101:20200102",
                key + ".pub")
            .inheritIO()
            .start();
    assertThat(sign.waitFor()).isZero();
    return Files.readString(results.resolve("expired-cert.pub"));
  }

  @Test
  void waitsWhileTheRemoteDiskIsFull() throws Exception {
    SlurmCluster full = bed.cluster("full", "hpc", "full");
    Path place = Path.of(bed.setting("HPC_HOME")).resolve(full.spec().baseDirectory());
    Files.createDirectories(place);
    bed.run("run", "mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs", place.toString());
    try {
      world.create(bed.keySecret("hpc"));
      world.create(full);
      String big = "x".repeat(100_000);
      world.create(
          "big",
          "{\"clusterName\":\"full\",\"workDirectory\":{\"source\":{\"files\":[{\"path\":\"a.cu\",\"content\":\"%s\"}]}},\"runScripts\":[\"echo ran\"]}"
              .formatted(big));
      GpuJob job = awaitReason("big", "DiskFull");
      assertThat(job.status().current()).isEqualTo(Phase.Uploading);
      assertThat(job.status().message()).contains("full");
      bed.run("run", "mount", "-o", "remount,size=64m", place.toString());
      succeeds("big");
    } finally {
      bed.run("run", "umount", "-l", place.toString());
    }
  }

  @Test
  void waitsWhileSlurmIsDownAndLosesNothing() throws Exception {
    world.create(bed.keySecret("hpc"));
    world.create(bed.cluster("lab", "hpc", "outages"));
    world.create("survivor", "{\"clusterName\":\"lab\",\"runScripts\":[\"sleep 4; echo ran\"]}");
    world.await("survivor", LONG, job -> job.status().current() == Phase.Running);
    end("slurmctld");
    end("slurmdbd");
    job("early", "lab");
    GpuJob waits = awaitReason("early", "SlurmUnavailable");
    assertThat(waits.status().current()).isEqualTo(Phase.Submitting);
    awaitCluster(
        "lab",
        cluster ->
            !cluster.status().reachable()
                && cluster
                    .status()
                    .lastError()
                    .toLowerCase(java.util.Locale.ROOT)
                    .contains("slurm"));
    bed.run("start");
    succeeds("survivor");
    succeeds("early");
    assertThat(
            bed.run("run", "squeue", "-h", "-t", "all", "-o", "%j")
                .lines()
                .filter(line -> line.startsWith("early-")))
        .hasSize(1);
  }

  @Test
  void goesOnWithTheQueueWhileAccountingIsDown() throws Exception {
    world.create(bed.keySecret("hpc"));
    world.create(bed.cluster("lab", "hpc", "outages"));
    awaitCluster("lab", cluster -> cluster.status().reachable());
    end("slurmdbd");
    job("unbooked", "lab");
    world.await("unbooked", LONG, job -> !job.status().jobId().isEmpty());
    awaitCluster(
        "lab",
        cluster ->
            !cluster.status().conditions().isEmpty()
                && cluster
                    .status()
                    .conditions()
                    .getFirst()
                    .reason()
                    .equals("AccountingUnavailable"));
    bed.run("start");
    succeeds("unbooked");
  }

  private void end(String daemon) {
    bed.run(
        "run",
        "bash",
        "-c",
        "kill \"$(cat \"$0\")\"",
        bed.home().resolve("run/" + daemon + ".pid").toString());
  }

  @Test
  void executesNothingOfHostileFields() throws Exception {
    world.create(bed.keySecret("hpc"));
    world.create(bed.cluster("lab", "hpc", "outages"));
    Path trap = results.resolve("trap");
    List<String> hostile =
        List.of(
            "a\nb",
            "$(touch " + trap + ")",
            "a;touch " + trap,
            "../../x",
            "`touch " + trap + "`",
            "a'b",
            "a\"b");
    List<String> fields =
        List.of(
            "partition",
            "account",
            "qos",
            "gres",
            "memory",
            "time",
            "array",
            "dependency",
            "constraint",
            "modules");
    int count = 0;
    for (String value : hostile) {
      for (String field : fields) {
        if (!(value.equals("../../x") && field.equals("modules"))) {
          ObjectNode spec = spec();
          if (field.equals("modules")) {
            spec.withObject("slurm").putArray("modules").add(value);
          } else {
            spec.withObject("slurm").put(field, value);
          }
          refused("slurm" + count++, spec);
        }
      }
      refused("out" + count++, spec().put("outputFile", value));
      refused("err" + count++, spec().put("errorFile", value));
      ObjectNode collects = spec();
      collects.putArray("collect").add(value);
      refused("collect" + count++, collects);
      ObjectNode files = spec();
      files
          .withObject("workDirectory")
          .withObject("source")
          .putArray("files")
          .addObject()
          .put("path", value)
          .put("content", "x");
      refused("file" + count++, files);
      ObjectNode host = spec();
      host.withObject("workDirectory")
          .withObject("source")
          .withObject("hostPath")
          .put("path", value);
      refused("host" + count++, host);
      ObjectNode mail = spec();
      mail.withObject("slurm").withObject("mail").put("user", value);
      refused("mail" + count++, mail);
    }
    assertThat(trap).doesNotExist();
  }

  private static ObjectNode spec() {
    ObjectNode spec = Json.object().put("clusterName", "lab");
    spec.putArray("runScripts").add("echo ran");
    return spec;
  }

  private void refused(String name, ObjectNode spec) throws InterruptedException {
    world.create(name, Json.string(spec));
    GpuJob job = world.awaitEnd(name, LONG);
    assertThat(job.status().reason()).as(Json.string(spec)).isEqualTo("InvalidSpec");
    assertThat(job.status().jobId()).isEmpty();
    api.delete(GpuResources.GPU_JOBS, job.key(), DeleteOptions.BACKGROUND);
  }

  @Test
  void letsNoJobDelayAnother() throws Exception {
    world.create(bed.keySecret("hpc"));
    world.create(bed.cluster("lab", "hpc", "outages"));
    world.create(bed.cluster("nowhere", "hpc", "outages", 1, pinned(), "Auto"));
    for (int i = 0; i < 20; i++) {
      job("stuck" + i, "nowhere");
      world.create(
          "slow" + i,
          "{\"clusterName\":\"lab\",\"compileScripts\":[\"sleep 40\"],\"runScripts\":[\"true\"]}");
    }
    job("quick", "lab");
    succeeds("quick");
    assertThat(world.get("slow3").status().current()).isIn(Phase.Uploading, Phase.Compiling);
    for (int i = 0; i < 20; i++) {
      api.delete(
          GpuResources.GPU_JOBS, new ObjectKey("default", "slow" + i), DeleteOptions.BACKGROUND);
    }
  }
}
