package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import minik8s.e2e.Panels.Panel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** GPU jobs from {@code up --with gpu} to a page in a browser, on a real Slurm cluster. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@OneByOne
class GpuIT {
  private static final TestCluster CLUSTER = TestCluster.shared();
  private static final Client EVERYWHERE = new Clients(CLUSTER).ours();
  private static final Client KUBECTL = EVERYWHERE.in("gpu");

  /** Comes up beside the add-on, for both mostly wait. */
  private static final CompletableFuture<SlurmBed> BED =
      CompletableFuture.supplyAsync(
          () -> SlurmBed.start("e2e", Integer.parseInt(CLUSTER.setting("API_PORT")) + 44));

  @BeforeAll
  static void start() {
    CLUSTER.minik8s("up", "--no-build", "--with", "gpu").ok();
    EVERYWHERE.feed(BED.join().manifests(), "apply", "-f", "-").ok();
    Namespaces.fresh(EVERYWHERE, "gpu");
    KUBECTL.run("wait", "--for=condition=Reachable", "slurmcluster/testbed", "--timeout=60s").ok();
  }

  /** Also after a start that failed: what came up of it goes. */
  @AfterAll
  static void stop() {
    KUBECTL.run("delete", "gpujobs", "--all", "--timeout=60s");
    KUBECTL.run("delete", "slurmcluster", "testbed");
    CLUSTER.minik8s("up", "--no-build", "--without", "gpu");
    BED.join().close();
  }

  @Test
  @Order(1)
  void takesTheMatrixExampleFromApplyToABrowser() throws IOException, InterruptedException {
    KUBECTL.apply(TestCluster.example("gpu/matrix-add.yaml")).ok();
    KUBECTL.run("wait", "--for=condition=Complete", "gpujob/matrix-add", "--timeout=120s").ok();
    String output = KUBECTL.run("gpu", "logs", "matrix-add").ok().out();
    assertThat(output).contains("added two 2048 x 2048 matrices on the CPU", "0 of 4194304 cells");
    assertThat(KUBECTL.run("get", "gpujobs").ok().out())
        .contains("matrix-add", "testbed", "Succeeded", "COMPLETED");

    String url = KUBECTL.run("gpu", "results", "matrix-add", "--url").ok().out().strip();
    String page = Browser.page(url);
    assertThat(page).contains("matrix-add", "Succeeded", "matrix-add.out", "result.txt");
    assertThat(Browser.page(url + "result.txt")).contains("backend=cpu", "wrong=0");
    Path picture = CLUSTER.home().resolve("gpu-results.png");
    Browser.picture(url, picture, 1000, 1180);
    assertThat(picture).isNotEmptyFile();

    HttpResponse<String> part = get(url + "matrix-add.out", "Range", "bytes=0-7");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(output.substring(0, 8));
    assertThat(KUBECTL.run("describe", "gpujob", "matrix-add").ok().out())
        .contains("Events:", "Submitted");
  }

  @Test
  @Order(2)
  void applyingItAgainChangesNothing() {
    assertThat(KUBECTL.apply(TestCluster.example("gpu/matrix-add.yaml")).ok().out())
        .isEqualTo("gpujob.gpu.minik8s.io/matrix-add unchanged\n");
    String before = KUBECTL.field("gpujob/matrix-add", "{.metadata.resourceVersion}");
    CLUSTER.minik8s("up", "--no-build").ok();
    assertThat(KUBECTL.field("gpujob/matrix-add", "{.metadata.resourceVersion}")).isEqualTo(before);
  }

  @Test
  @Order(3)
  void followsAndCancelsAJobMadeFromFlags() {
    KUBECTL
        .run(
            "gpu",
            "submit",
            "count",
            "--on",
            "testbed",
            "--gpus",
            "1",
            "--time",
            "5",
            "--run",
            "for i in $(seq 100); do echo step $i; sleep 1; done")
        .ok();
    try (Running logs = KUBECTL.start("gpu", "logs", "-f", "count")) {
      logs.awaitLine("the output of a running job", "step 2"::equals);
      KUBECTL.run("gpu", "cancel", "count").ok();
      KUBECTL
          .run("wait", "--for=jsonpath={.status.phase}=Cancelled", "gpujob/count", "--timeout=60s")
          .ok();
    }
    assertThat(KUBECTL.run("gpu", "cancel", "count").ok().err()).contains("has ended already");
  }

  @Test
  @Order(4)
  void keepsWhatSucceededOfAnArrayAndSaysWhatFailed() {
    KUBECTL.apply(TestCluster.example("gpu/array.yaml")).ok();
    KUBECTL.apply(TestCluster.example("gpu/failing.yaml")).ok();
    KUBECTL.apply(TestCluster.example("gpu/makefile.yaml")).ok();
    KUBECTL
        .run("wait", "--for=jsonpath={.status.phase}=Failed", "gpujob/array", "--timeout=120s")
        .ok();
    assertThat(KUBECTL.field("gpujob/array", "{.status.tasks.succeeded} {.status.tasks.failed}"))
        .isEqualTo("3 1");
    assertThat(KUBECTL.run("gpu", "logs", "array", "--task", "4").ok().out()).contains("task 4");
    assertThat(KUBECTL.run("gpu", "logs", "array", "--task", "2", "--error").ok().out())
        .contains("task 2 gives up");
    KUBECTL
        .run("wait", "--for=jsonpath={.status.phase}=Failed", "gpujob/failing", "--timeout=60s")
        .ok();
    assertThat(KUBECTL.field("gpujob/failing", "{.status.errorTail}")).contains("undeclared");
    KUBECTL.run("wait", "--for=condition=Complete", "gpujob/makefile", "--timeout=120s").ok();
    assertThat(KUBECTL.run("gpu", "logs", "makefile").ok().out()).contains("512 x 512");
  }

  @Test
  @Order(5)
  void rendersTheScriptWithoutSubmitting() {
    Ran script =
        KUBECTL.run("gpu", "script", "-f", TestCluster.example("gpu/matrix-add.yaml").toString());
    assertThat(script.ok().out())
        .startsWith("#!/bin/bash")
        .contains("#SBATCH --partition=\"dgx2\"", "./matrix_add 2048");
  }

  @Test
  @Order(6)
  void servesNothingButResults() throws IOException, InterruptedException {
    String base = "http://127.0.0.1:" + CLUSTER.setting("GPU_RESULTS_PORT");
    String url = KUBECTL.run("gpu", "results", "matrix-add", "--url").ok().out().strip();
    assertThat(get(base + "/%2e%2e/%2e%2e/etc/passwd").statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(get(url + ".hidden").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(url + "matrix-add.out"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isGreaterThanOrEqualTo(400);
    }
    Map<String, List<String>> headers = get(url + "matrix-add.out").headers().map();
    assertThat(headers.get("content-security-policy"))
        .singleElement()
        .asString()
        .contains("'none'");
    assertThat(headers.get("x-content-type-options")).containsExactly("nosniff");
    assertThat(headers.get("server")).containsExactly("nginx");
  }

  @Test
  @Order(7)
  void countsAllThatItsDashboardShows() {
    Panels dashboard =
        Panels.own(TestCluster.file("deploy/monitoring/dashboards/minik8s-gpu.json"));
    String counted = metrics();
    Pattern series = Pattern.compile("\\b(gpu|workqueue)_[a-z_]+");
    for (Panel panel : dashboard.panels()) {
      series
          .matcher(panel.query())
          .results()
          .forEach(name -> assertThat(counted).as(panel.title()).contains("\n" + name.group()));
    }
  }

  @Test
  @Order(8)
  void showsNoSecretAnywhere() throws IOException {
    List<String> secrets = secrets();
    List<String> leaks = new ArrayList<>();
    search(Path.of(BED.join().logins().get("HPC_KEY_ED25519")), secrets, leaks);
    assertThat(leaks).as("what the search finds where there is a secret").hasSize(1);
    leaks.clear();
    for (Path process : list(Path.of("/proc"))) {
      if (process.getFileName().toString().matches("\\d+")) {
        search(process.resolve("cmdline"), secrets, leaks);
        search(process.resolve("environ"), secrets, leaks);
      }
    }
    for (Path file : files(CLUSTER.home().resolve("logs"))) {
      search(file, secrets, leaks);
    }
    for (Path file : files(CLUSTER.home().resolve("gpu/results"))) {
      search(file, secrets, leaks);
    }
    for (String[] ask :
        new String[][] {
          {"get", "events,gpujobs", "-A", "-o", "yaml"},
          {"get", "slurmclusters", "-o", "yaml"},
          {"get", "pods,configmaps", "-n", "gpu-system", "-o", "yaml"},
          {"logs", "-n", "gpu-system", "deployment/gpu-server", "--all-containers"},
        }) {
      String said = KUBECTL.run(ask).ok().all();
      secrets.stream()
          .filter(said::contains)
          .forEach(secret -> leaks.add("kubectl " + String.join(" ", ask)));
    }
    assertThat(metrics()).contains("jvm_").doesNotContain(secrets);
    assertThat(leaks).isEmpty();
  }

  /** What must be nowhere: the inside of the private key, as it is and as a Secret holds it. */
  private static List<String> secrets() throws IOException {
    Map<String, String> logins = BED.join().logins();
    List<String> key = Files.readAllLines(Path.of(logins.get("HPC_KEY_ED25519")));
    String middle = key.get(key.size() / 2);
    String whole =
        KUBECTL
            .run(
                "get",
                "secret",
                "testbed-login",
                "-n",
                "gpu-system",
                "-o",
                "jsonpath={.data.ssh-privatekey}")
            .ok()
            .out();
    assertThat(new String(Base64.getDecoder().decode(whole), StandardCharsets.UTF_8))
        .contains(middle);
    return List.of(middle, whole.substring(100, 160), logins.get("HPC_PASSWORD"));
  }

  private static String metrics() {
    Path pki = CLUSTER.home().resolve("pki");
    return Programs.run(
            List.of(
                "curl",
                "-sf",
                "--cacert",
                pki + "/ca.crt",
                "--cert",
                pki + "/admin.crt",
                "--key",
                pki + "/admin.key",
                "https://127.0.0.1:" + CLUSTER.setting("GPU_SERVER_PORT") + "/metrics"))
        .ok()
        .out();
  }

  private static void search(Path file, List<String> secrets, List<String> leaks) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      secrets.stream().filter(text::contains).forEach(secret -> leaks.add(file.toString()));
    } catch (IOException e) {
      // A process that has ended meanwhile, or a thread of the kernel.
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static HttpResponse<String> get(String url, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
