package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A gpu-server that is killed again and again, and whose connections are cut, while it brings jobs
 * to a real Slurm: none runs twice, none is forgotten, and no secret is left anywhere.
 */
@OneByOne
class GpuKillIT {
  private static final int JOBS = 50;
  private static final int BATCH = 10;
  private static final Duration LIMIT = Duration.ofMinutes(8);
  private static final TestCluster CLUSTER = TestCluster.shared();
  private static final Path RESULTS = CLUSTER.home().resolve("gpu-kill/results");
  private static final Path LOG = CLUSTER.home().resolve("gpu-kill/gpu-server.log");
  private static final int PORT = 24310;
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PORT_BASE", Integer.toString(PORT + 1), "NO_COLOR", "1");

  @SuppressWarnings("NullAway.Init")
  private static Client kubectl;

  private final List<String> seen = new ArrayList<>();

  /** A test bed that somebody lends is neither started nor removed. */
  private static String bedHome() {
    return System.getProperty("minik8s.testbed", "/var/lib/minik8s-slurm-kill");
  }

  private static boolean lent() {
    return System.getProperty("minik8s.testbed") != null;
  }

  private static Ran bed(String... args) {
    List<String> command = new ArrayList<>();
    command.add(
        TestCluster.example("../../deploy/gpu/testbed/slurm-testbed").normalize().toString());
    command.addAll(List.of("--home", bedHome()));
    command.addAll(List.of(args));
    return Programs.run(command, ENVIRONMENT, "").ok();
  }

  @BeforeAll
  static void start() throws IOException {
    if (!lent()) {
      bed("start");
    }
    Files.createDirectories(RESULTS);
    Client everywhere = new Clients(CLUSTER).all().getLast();
    everywhere.run("create", "namespace", "gpu-system");
    everywhere.apply(TestCluster.example("../../deploy/gpu/crds.yaml").normalize()).ok();
    for (String kind : List.of("gpujobs", "slurmclusters")) {
      everywhere
          .run(
              "wait",
              "--for=condition=Established",
              "crd/" + kind + ".gpu.minik8s.io",
              "--timeout=60s")
          .ok();
    }
    Patience.until(
        "the kinds are served", () -> everywhere.run("get", "slurmclusters").exit() == 0);
    everywhere
        .feed(
            bed("manifests")
                .out()
                .replaceAll("(poll|mark)Interval: .*", "$1Interval: 500ms")
                .replaceAll("connectionSpacing: .*", "connectionSpacing: 200ms"),
            "apply",
            "-f",
            "-")
        .ok();
    kubectl = Namespaces.fresh(everywhere, "gpu-kill");
  }

  @AfterAll
  static void stop() {
    kubectl.run("delete", "slurmcluster", "testbed");
    kubectl.run("delete", "namespace", "gpu-kill", "--wait=false");
    if (!lent()) {
      bed("purge");
    }
  }

  private static Process server() throws IOException {
    Path pki = CLUSTER.home().resolve("pki");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            "minik8s.gpu.server.GpuServer",
            "--kubeconfig=" + CLUSTER.kubeconfig(),
            "--results-dir=" + RESULTS,
            "--leader-elect=false",
            "--secure-port=" + PORT,
            "--tls-cert-file=" + pki.resolve("controller-manager.crt"),
            "--tls-private-key-file=" + pki.resolve("controller-manager.key"),
            "--client-ca-file=" + pki.resolve("ca.crt"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(LOG.toString())))
            .start();
    // A process that dies before it does anything tests nothing.
    String ca = pki.resolve("ca.crt").toString();
    Patience.until(
        "the gpu-server is ready",
        () ->
            Programs.run(
                        List.of(
                            "curl",
                            "-sf",
                            "-m",
                            "2",
                            "--cacert",
                            ca,
                            "https://localhost:" + PORT + "/readyz"),
                        Map.of(),
                        "")
                    .exit()
                == 0);
    return process;
  }

  private static String job(String name) {
    return """
    apiVersion: gpu.minik8s.io/v1
    kind: GpuJob
    metadata: {name: %s}
    spec:
      clusterName: testbed
      workDirectory:
        source:
          files:
          - {path: src/name.txt, content: %s}
      compileScripts: [cp src/name.txt compiled]
      runScripts: [echo ran >>once, sleep 1, cat compiled once]
      slurm: {memory: 200M, time: "5"}
    ---
    """
        .formatted(name, name);
  }

  @Test
  void runsEachJobOnceWhateverIsKilled() throws Exception {
    Random random = new Random(4);
    int kills = 0;
    int cuts = 0;
    int sessions = 0;
    int created = 0;
    long end = System.nanoTime() + LIMIT.toNanos();
    Process server = server();
    try {
      while (ended() < JOBS) {
        assertThat(System.nanoTime())
            .as(kubectl.run("get", "gpujobs", "-o", "wide").out())
            .isLessThan(end);
        if (created < JOBS) {
          StringBuilder batch = new StringBuilder();
          for (int i = 0; i < BATCH; i++) {
            batch.append(job("job" + created++));
          }
          kubectl.feed(batch.toString(), "apply", "-f", "-").ok();
        }
        // Lives grow longer, so that there is an end also on a machine that is very busy.
        Thread.sleep(random.nextInt(2000 + 1000 * (kills + cuts)));
        remember(server);
        if (random.nextInt(3) > 0) {
          server.destroyForcibly().waitFor();
          server = server();
          kills++;
        } else {
          sessions += cut();
          cuts++;
        }
      }
      System.out.println(
          "FIGURE "
              + JOBS
              + " jobs on a real Slurm with "
              + kills
              + " kills and "
              + cuts
              + " cuts of "
              + sessions
              + " processes of sshd");
      check();
      remember(server);
      grep(server);
      // While somebody is there to take the finalizers off.
      kubectl.run("delete", "gpujobs", "--all", "--timeout=120s").ok();
    } finally {
      server.destroyForcibly();
    }
    assertThat(kills).isPositive();
    assertThat(sessions).isPositive();
  }

  private static int ended() {
    String phases =
        kubectl.run("get", "gpujobs", "-o", "jsonpath={.items[*].status.phase}").ok().out();
    assertThat(phases).doesNotContain("Failed").doesNotContain("Cancelled");
    return (int)
        Stream.of(phases.strip().split("\\s+")).filter(phase -> phase.equals("Succeeded")).count();
  }

  /** Ends every process of sshd that serves the cluster's user. */
  private static int cut() {
    String user = login().get("HPC_USER");
    List<ProcessHandle> sessions =
        ProcessHandle.allProcesses()
            .filter(process -> process.info().user().filter(name -> name.equals(user)).isPresent())
            .filter(process ->
                process.info().command().filter(name -> name.endsWith("sshd")).isPresent())
            .toList();
    sessions.forEach(ProcessHandle::destroyForcibly);
    return sessions.size();
  }

  private static Map<String, String> login() {
    Map<String, String> values = new HashMap<>();
    bed("env")
        .out()
        .lines()
        .forEach(line -> {
          String[] parts = line.replaceFirst("^export ", "").split("=", 2);
          values.put(parts[0], parts.length > 1 ? parts[1] : "");
        });
    return values;
  }

  private static void check() throws IOException {
    String namespace = kubectl.field("namespace/gpu-kill", "{.metadata.uid}");
    assertThat(namespace).isNotEmpty();
    Map<String, String> uids =
        kubectl
            .run(
                "get",
                "gpujobs",
                "-o",
                "jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{\"\\n\"}{end}")
            .ok()
            .out()
            .lines()
            .map(line -> line.split(" "))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    Map<String, Long> booked =
        bed("run", "sacct", "-a", "-X", "-n", "-P", "-S", "now-1hours", "--format=JobName")
            .out()
            .lines()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    for (int i = 0; i < JOBS; i++) {
      String name = "job" + i;
      assertThat(booked.get(name + "-" + uids.get(name) + "-1"))
          .as("jobs in Slurm for " + name)
          .isEqualTo(1);
      assertThat(Files.readString(RESULTS.resolve("gpu-kill").resolve(name).resolve(name + ".out")))
          .isEqualTo(name + "ran\n");
      assertThat(RESULTS.resolve("gpu-kill").resolve(name).resolve("index.html"))
          .content()
          .contains("Succeeded");
    }
    assertThat(bed("run", "squeue", "-h", "-o", "%j").out()).doesNotContain("job");
  }

  /** What anybody on the machine could see of the process. */
  private void remember(Process server) throws IOException {
    Path proc = Path.of("/proc", Long.toString(server.pid()));
    for (String file : List.of("cmdline", "environ")) {
      try {
        seen.add(
            Files.readString(proc.resolve(file), java.nio.charset.StandardCharsets.ISO_8859_1));
      } catch (java.nio.file.NoSuchFileException e) {
        // It was killed just now.
      }
    }
  }

  private void grep(Process server) throws IOException {
    assertThat(server.isAlive()).isTrue();
    Path pki = CLUSTER.home().resolve("pki");
    List<String> places = new ArrayList<>(seen);
    places.add(Files.readString(LOG));
    for (String kind : List.of("events", "gpujobs", "slurmclusters")) {
      places.add(kubectl.run("get", kind, "-A", "-o", "yaml").ok().out());
    }
    places.add(
        Programs.run(
                List.of(
                    "curl",
                    "-sf",
                    "--cacert",
                    pki.resolve("ca.crt").toString(),
                    "--cert",
                    pki.resolve("admin.crt").toString(),
                    "--key",
                    pki.resolve("admin.key").toString(),
                    "https://localhost:" + PORT + "/metrics"),
                Map.of(),
                "")
            .ok()
            .out());
    // A server that was killed a moment ago has counted no more than its first calls.
    assertThat(places.getLast()).contains("gpu_jobs{", "gpu_slurm_calls_total{");
    try (Stream<Path> files = Files.walk(RESULTS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        places.add(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    List<String> secrets =
        Files.readAllLines(Path.of(login().get("HPC_KEY_ED25519"))).stream()
            .filter(line -> line.length() > 30 && !line.startsWith("-"))
            .toList();
    assertThat(secrets).isNotEmpty();
    for (String secret : secrets) {
      assertThat(places).noneMatch(place -> place.contains(secret));
    }
  }
}
