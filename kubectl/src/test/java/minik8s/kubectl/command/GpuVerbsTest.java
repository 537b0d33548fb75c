package minik8s.kubectl.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.kubectl.FakeServer;
import minik8s.kubectl.FakeServer.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words of {@code kubectl gpu}, against a fake API server and a web server with results. */
class GpuVerbsTest {
  private static final String JOBS = "/apis/gpu.minik8s.io/v1/namespaces/default/gpujobs";

  @TempDir Path folder = Path.of("");
  private final Map<String, String> results = new ConcurrentHashMap<>();
  private FakeServer server = FakeServer.start(folder);
  private HttpServer web;

  GpuVerbsTest() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.close();
    server = FakeServer.start(folder);
    web.createContext(
        "/",
        exchange -> {
          String text = results.get(exchange.getRequestURI().getPath());
          String range = exchange.getRequestHeaders().getFirst("Range");
          int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
          if (text == null) {
            exchange.sendResponseHeaders(404, -1);
          } else if (from >= text.length() && from > 0) {
            exchange.sendResponseHeaders(416, -1);
          } else {
            byte[] bytes = text.substring(from).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                range == null ? 200 : 206, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
    web.start();
  }

  @AfterEach
  void stop() {
    server.close();
    web.stop(0);
  }

  private String job(String phase, String more) {
    return """
    {"kind":"GpuJob","apiVersion":"gpu.minik8s.io/v1","metadata":{"name":"add","namespace":"default","resourceVersion":"5"},
    "spec":{"clusterName":"pi"},"status":{"phase":"%s","resultsURL":"http://127.0.0.1:%d/default/add/"%s}}\
    """
        .formatted(phase, web.getAddress().getPort(), more);
  }

  @Test
  void printsTheOutputFromWhereResultsAreServed() {
    results.put("/default/add/add.out", "sum = 3\n");
    server.on("GET " + JOBS + "/add", job("Succeeded", ""));
    assertThat(server.run("gpu", "logs", "add").out()).isEqualTo("sum = 3\n");
  }

  @Test
  void followsTheOutputOverEventsUntilTheJobEnds() {
    results.put("/default/add/add.out", "one\n");
    String list =
        "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[" + job("Running", "") + "]}";
    String events = "{\"type\":\"MODIFIED\",\"object\":" + job("Succeeded", "") + "}";
    String query = "?allowWatchBookmarks=true&fieldSelector=metadata.name%3Dadd";
    server.on("GET " + JOBS + "?fieldSelector=metadata.name%3Dadd", list);
    server.on("GET " + JOBS + query + "&resourceVersion=5&watch=true", events);
    assertThat(server.run("gpu", "logs", "-f", "gpujob/add"))
        .isEqualTo(new Outcome(0, "one\n", ""));
  }

  @Test
  void fallsBackToTheLastLinesInTheStatus() {
    server.on("GET " + JOBS + "/add", job("Failed", ",\"outputTail\":\"last words\""));
    Outcome absent = server.run("gpu", "logs", "add");
    assertThat(absent.out()).isEqualTo("last words\n");
    web.stop(0);
    Outcome unreachable = server.run("gpu", "logs", "add");
    assertThat(unreachable.out()).isEqualTo("last words\n");
    assertThat(unreachable.err()).contains("cannot be reached");
  }

  @Test
  void saysWhyThereIsNoOutputYet() {
    server.on("GET " + JOBS + "/add", job("Queued", ",\"message\":\"waits for a GPU\""));
    assertThat(server.run("gpu", "logs", "add").err())
        .isEqualTo("No output yet: Queued, waits for a GPU\n");
  }

  @Test
  void cancelsWhatHasNotEnded() {
    server.on("GET " + JOBS + "/add", job("Running", ""));
    server.on("PATCH " + JOBS + "/add?fieldManager=kubectl-gpu", job("Running", ""));
    Outcome cancelled = server.run("gpu", "cancel", "add");
    assertThat(cancelled.out()).isEqualTo("gpujob.gpu.minik8s.io/add cancelled\n");
    assertThat(server.last().body()).isEqualTo("{\"spec\":{\"cancelled\":true}}");
  }

  @Test
  void leavesEndedJobsAsTheyAre() {
    server.on("GET " + JOBS + "/add", job("Succeeded", ""));
    Outcome ended = server.run("gpu", "cancel", "add");
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).isEqualTo("gpujob \"add\" has ended already: Succeeded\n");
    assertThat(server.lines()).noneMatch(line -> line.startsWith("PATCH"));
  }

  @Test
  void listsAndDownloadsResults() throws IOException {
    results.put("/default/add/add.out", "sum = 3\n");
    results.put("/default/add/plots/a b.txt", "plot");
    String files =
        ",\"results\":[{\"path\":\"add.out\",\"size\":8},{\"path\":\"plots/a b.txt\",\"size\":2048}]";
    server.on("GET " + JOBS + "/add", job("Succeeded", files));
    assertThat(server.run("gpu", "results", "add").out())
        .contains("/default/add/\n")
        .contains("plots/a b.txt   2.0 KiB");
    Path target = folder.resolve("down");
    server.run("gpu", "results", "add", "-d", target.toString());
    assertThat(target.resolve("plots/a b.txt")).hasContent("plot");
  }

  @Test
  void downloadsNothingOutOfTheFolder() {
    server.on(
        "GET " + JOBS + "/add",
        job("Succeeded", ",\"results\":[{\"path\":\"../evil\",\"size\":1}]"));
    Outcome out = server.run("gpu", "results", "add", "-d", folder.resolve("down").toString());
    assertThat(out.code()).isEqualTo(1);
    assertThat(out.err()).contains("would leave");
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  void submitsAJobMadeFromFlags() {
    server.on("POST " + JOBS + "?fieldManager=kubectl-gpu&fieldValidation=Strict", job("", ""));
    Outcome out =
        server.run(
            "gpu",
            "submit",
            "add",
            "--on",
            "pi",
            "--compile",
            "make",
            "--run",
            "./add",
            "--gpus",
            "2",
            "--time",
            "10");
    assertThat(out).isEqualTo(new Outcome(0, "gpujob.gpu.minik8s.io/add submitted\n", ""));
    assertThat(server.last().body())
        .contains("\"clusterName\":\"pi\"")
        .contains("\"slurm\":{\"gpus\":2,\"time\":\"10\"}")
        .contains("\"runScripts\":[\"./add\"]");
  }

  @Test
  void tellsWhatASubmissionLacks() {
    assertThat(server.run("gpu", "submit", "add", "--run", "x").err()).contains("--on must name");
    assertThat(server.run("gpu", "submit", "add", "--on", "pi").err()).contains("--run must say");
  }

  @Test
  void picksTheOutputOfOneTaskOfAnArray() {
    results.put("/default/add/add-3.out", "third\n");
    server.on(
        "GET " + JOBS + "/add",
        job("Succeeded", "")
            .replace("\"clusterName\"", "\"slurm\":{\"array\":\"0-3\"},\"clusterName\""));
    assertThat(server.run("gpu", "logs", "add", "--task", "3").out()).isEqualTo("third\n");
  }

  @Test
  void rendersTheScriptByTheRulesOfTheCluster() {
    server.on(
        "GET " + JOBS + "/add",
        job("", "")
            .replace(
                "\"clusterName\"",
                "\"runScripts\":[\"./add\"],\"slurm\":{\"gpus\":2},\"clusterName\""));
    server.on(
        "GET /apis/gpu.minik8s.io/v1/slurmclusters/pi",
        """
        {"kind":"SlurmCluster","apiVersion":"gpu.minik8s.io/v1","metadata":{"name":"pi"},"spec":{"host":"h",
        "credentialsSecretRef":{"name":"s","namespace":"n"},"baseDirectory":"minik8s","defaultPartition":"dgx2",
        "limits":[{"partition":"dgx2","cpusPerGpu":6}]},"status":{"home":"/lustre/home/me"}}\
        """);
    Outcome out = server.run("gpu", "script", "add");
    assertThat(out.err()).isEmpty();
    assertThat(out.out())
        .startsWith("#!/bin/bash\n")
        .contains("#SBATCH --cpus-per-task=\"12\"", "/lustre/home/me/minik8s/default/add", "./add");
  }

  @Test
  void namesWhatTheGpuServerWouldRefuse() {
    server.on(
        "GET " + JOBS + "/add",
        job("", "").replace("\"clusterName\"", "\"slurm\":{\"memory\":\"1;x\"},\"clusterName\""));
    Outcome out = server.run("gpu", "script", "add");
    assertThat(out.code()).isEqualTo(1);
    assertThat(out.err())
        .contains("there is no SlurmCluster \"pi\"")
        .contains("would refuse this job", "slurm.memory", "spec.runScripts");
  }

  @Test
  void packsTheLocalFolderWhenApplying() throws IOException {
    Files.createDirectories(folder.resolve("src"));
    Files.writeString(folder.resolve("src/a.cu"), "kernel-text");
    Path manifest =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            apiVersion: gpu.minik8s.io/v1
            kind: GpuJob
            metadata: {name: add}
            spec:
              clusterName: pi
              workDirectory: {path: src}
              runScripts: [./a]
            """);
    server
        .on("GET /api", "{\"versions\":[\"v1\"]}")
        .on(
            "GET /apis",
            "{\"groups\":[{\"name\":\"gpu.minik8s.io\",\"versions\":[{\"groupVersion\":\"gpu.minik8s.io/v1\",\"version\":\"v1\"}],"
                + "\"preferredVersion\":{\"groupVersion\":\"gpu.minik8s.io/v1\",\"version\":\"v1\"}}]}")
        .on(
            "GET /apis/gpu.minik8s.io/v1",
            "{\"groupVersion\":\"gpu.minik8s.io/v1\",\"resources\":[{\"name\":\"gpujobs\",\"singularName\":\"gpujob\","
                + "\"namespaced\":true,\"kind\":\"GpuJob\",\"verbs\":[\"get\",\"create\",\"patch\"]}]}")
        .on(
            "POST " + JOBS + "?fieldManager=kubectl-client-side-apply&fieldValidation=Strict",
            job("", ""));
    Outcome out = server.run("apply", "-f", manifest.toString());
    assertThat(out).isEqualTo(new Outcome(0, "gpujob.gpu.minik8s.io/add created\n", ""));
    String body = server.last().body();
    assertThat(body).contains("{\"content\":\"kernel-text\",\"path\":\"a.cu\"}");
    // Once in the spec, and not again in the annotation.
    assertThat(body.split("kernel-text", -1)).hasSize(2);
  }
}
