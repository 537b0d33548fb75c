package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pods of docs/examples/pod-life live as the pages of the Kubernetes documentation say: probes,
 * init containers, sidecars, hooks, deadlines, and people who attach, copy, forward and debug. All
 * pods start together; what takes its time takes it at the same time.
 */
@OneByOne
class PodLifeIT {
  private static final String NAMESPACE = "pod-life";
  private static final TestCluster CLUSTER = TestCluster.shared();
  private static final Client OURS = Namespaces.fresh(new Clients(CLUSTER).ours(), NAMESPACE);
  private static final Client KUBECTL = new Clients(CLUSTER).all().getLast().in(NAMESPACE);
  private static final Path HOOKS = Path.of("/tmp/minik8s-lifecycle-demo");
  private static final Pattern FORWARDING = Pattern.compile("127\\.0\\.0\\.1:(\\d+) ->");

  @TempDir Path folder;

  @BeforeAll
  static void startThemAll() {
    Programs.run(List.of("rm", "-rf", HOOKS.toString()));
    Ran applied = KUBECTL.run("apply", "-f", TestCluster.example("pod-life").toString()).ok();
    assertThat(applied.err()).doesNotContain("not acted on");
  }

  @AfterAll
  static void remove() throws IOException {
    KUBECTL.run("delete", "namespace", NAMESPACE, "--wait=false");
    Programs.run(List.of("rm", "-rf", HOOKS.toString()));
  }

  private static String status(String pod, String path) {
    return KUBECTL.field("pod/" + pod, "{.status" + path + "}");
  }

  private static String ready(String pod) {
    return status(pod, ".conditions[?(@.type==\"Ready\")].status");
  }

  private static String events(String pod) {
    return KUBECTL
        .run("get", "events", "--field-selector", "involvedObject.name=" + pod)
        .ok()
        .out();
  }

  @Test
  void restartsAContainerWhoseLivenessProbeFails() {
    Patience.until(
        "the restart",
        () -> status("liveness-exec", ".containerStatuses[0].restartCount").matches("[1-9]"));
    Patience.until(
        "its events",
        () -> {
          String events = events("liveness-exec");
          return events.contains("Liveness probe failed: cat: can't open '/tmp/healthy'")
              && events.contains("Container liveness failed liveness probe, will be restarted");
        });
  }

  @Test
  void takesAPodOutOfServiceUntilItRecovers() {
    Patience.until(
        "the container to run",
        () -> status("liveness-http", ".containerStatuses[0].started").equals("true"));
    assertThat(ready("liveness-http")).isEqualTo("False");
    KUBECTL.run("exec", "liveness-http", "--", "touch", "/www/ready").ok();
    Patience.until("readiness", () -> ready("liveness-http").equals("True"));
    KUBECTL.run("exec", "liveness-http", "--", "rm", "/www/ready").ok();
    Patience.until("unreadiness", () -> ready("liveness-http").equals("False"));
    assertThat(events("liveness-http"))
        .contains("Readiness probe failed: HTTP probe failed with statuscode: 404");
    assertThat(status("liveness-http", ".containerStatuses[0].restartCount")).isEqualTo("0");
  }

  @Test
  void waitsForASlowStart() {
    Patience.until("readiness", () -> ready("tcp-probes").equals("True"));
    assertThat(events("tcp-probes")).contains("Startup probe failed: dial tcp");
    assertThat(status("tcp-probes", ".containerStatuses[0].restartCount")).isEqualTo("0");
  }

  @Test
  void runsInitContainersInOrder() {
    Patience.until("the app", () -> ready("init-demo").equals("True"));
    assertThat(KUBECTL.run("logs", "init-demo", "-c", "app").ok().out())
        .isEqualTo("first\nsecond\napp\n");
    assertThat(status("init-demo", ".initContainerStatuses[*].state.terminated.reason"))
        .isEqualTo("Completed Completed");
  }

  @Test
  void letsAJobSucceedBesideItsSidecar() {
    Patience.until("its success", () -> status("sidecar-job", ".phase").equals("Succeeded"));
    String log = KUBECTL.run("logs", "sidecar-job", "-c", "logshipper").ok().out();
    assertThat(log).contains("logging").endsWith("last words\n");
    assertThat(KUBECTL.run("logs", "sidecar-job", "-c", "myjob").ok().out()).isEqualTo("ready\n");
  }

  @Test
  void runsItsHooksAroundAContainersLife() throws IOException {
    Patience.until("the container", () -> ready("lifecycle-demo").equals("True"));
    assertThat(KUBECTL.run("exec", "lifecycle-demo", "--", "cat", "/usr/share/message").ok().out())
        .isEqualTo("Hello from the postStart handler\n");
    KUBECTL.run("delete", "pod", "lifecycle-demo").ok();
    assertThat(HOOKS.resolve("log")).hasContent("preStop\ngot TERM");
  }

  @Test
  void tellsWhatContainersLeaveBehind() {
    Patience.until("its end", () -> status("termination-demo", ".phase").equals("Failed"));
    assertThat(status("termination-demo", ".containerStatuses[0].state.terminated.message"))
        .isEqualTo("Sleep expired");
    assertThat(status("termination-demo", ".containerStatuses[1].state.terminated.message"))
        .isEqualTo("out of ideas");
  }

  @Test
  void failsAPodThatIsActiveForTooLong() {
    Patience.until("its failure", () -> status("deadline-demo", ".phase").equals("Failed"));
    assertThat(status("deadline-demo", ".reason")).isEqualTo("DeadlineExceeded");
  }

  @Test
  void looksIntoARunningPod() {
    Patience.until("the pod", () -> ready("ephemeral-demo").equals("True"));
    for (Client client : List.of(OURS, KUBECTL)) {
      Ran seen =
          client.run(
              "debug",
              "ephemeral-demo",
              "--image=busybox:1.36",
              "--target=ephemeral-demo",
              "-c",
              "look-" + client.name().replace('.', '-'),
              "--attach",
              "--",
              "sh",
              "-c",
              "sleep 2; ps");
      assertThat(seen.ok().all()).as(client.name()).contains("pause");
    }
    assertThat(ready("ephemeral-demo")).isEqualTo("True");
    assertThat(status("ephemeral-demo", ".ephemeralContainerStatuses[*].name"))
        .contains("look-ours");
  }

  @Test
  void attachesToAShell() {
    Patience.until("the pod", () -> ready("interactive").equals("True"));
    for (Client client : new Clients(CLUSTER).few()) {
      Client here = client.in(NAMESPACE);
      try (Running attached = here.start("attach", "interactive", "-c", "shell", "-i")) {
        attached.type("hello from " + client.name() + "\n");
        attached.awaitLine("an answer", ("you said hello from " + client.name())::equals);
      }
    }
  }

  @Test
  void runsACommandOnATerminal() {
    Patience.until("the pod", () -> ready("interactive").equals("True"));
    for (Client client : new Clients(CLUSTER).few()) {
      // script(1) gives kubectl a terminal of 40 lines, which the remote one has to take over.
      String command =
          String.join(" ", client.in(NAMESPACE).command())
              + " exec -it interactive -c shell -- sh -c 'sleep 1; stty size; tty; exit 7'";
      Ran ran =
          Programs.run(
              List.of("script", "-qec", "stty rows 40 cols 111; " + command, "/dev/null"),
              client.environment(),
              "");
      assertThat(ran.all()).as(client.name()).contains("40 111").contains("/dev/pts/");
      assertThat(ran.exit()).as(client.name()).isEqualTo(7);
    }
  }

  @Test
  void copiesFilesBothWays() throws IOException {
    Patience.until("the pod", () -> ready("interactive").equals("True"));
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    Path tree = Files.createDirectories(folder.resolve("tree/a folder"));
    Files.write(tree.resolve("data"), bytes);
    Files.writeString(folder.resolve("tree/" + "n".repeat(120)), "long name");
    for (Client client : new Clients(CLUSTER).few()) {
      String there = "/tmp/" + client.name();
      Path back = folder.resolve("back-" + client.name());
      Client here = client.in(NAMESPACE);
      here.run("cp", folder.resolve("tree").toString(), "interactive:" + there, "-c", "shell").ok();
      here.run("cp", "interactive:" + there, back.toString(), "-c", "shell").ok();
      assertThat(back.resolve("a folder/data")).as(client.name()).hasBinaryContent(bytes);
      assertThat(back.resolve("n".repeat(120))).as(client.name()).hasContent("long name");
    }
  }

  @Test
  void forwardsPorts() throws Exception {
    Patience.until("the pod", () -> ready("interactive").equals("True"));
    for (Client client : new Clients(CLUSTER).few()) {
      Map<Integer, String> pages = Map.of(80, "Hello from", 8081, "inside");
      for (Map.Entry<Integer, String> page : pages.entrySet()) {
        try (Running forward =
            client.in(NAMESPACE).start("port-forward", "pod/interactive", ":" + page.getKey())) {
          forward.awaitLine("to listen", line -> FORWARDING.matcher(line).find());
          Matcher port = FORWARDING.matcher(String.join("\n", forward.lines()));
          assertThat(port.find()).isTrue();
          for (int i = 0; i < 4; i++) {
            assertThat(get(port.group(1))).as(client.name()).contains(page.getValue());
          }
        }
      }
    }
  }

  private static String get(String port) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void restartsNothingWhenTheKubeletIsKilled() {
    Patience.until("the pods", () -> ready("interactive").equals("True"));
    Patience.until("the pods", () -> ready("tcp-probes").equals("True"));
    Patience.until("the pods", () -> ready("init-demo").equals("True"));
    Map<String, String> before = containers();
    CLUSTER.daemon("kubelet-node-1").destroyForcibly();
    Patience.until(
        "a kubelet that looks after pods again",
        () -> {
          KUBECTL.run("delete", "pod", "canary", "--ignore-not-found", "--grace-period=0").ok();
          Ran ran =
              KUBECTL.run("run", "canary", "--image=busybox:1.36", "--restart=Never", "--", "true");
          return ran.exit() == 0;
        });
    Patience.until("the canary", () -> status("canary", ".phase").equals("Succeeded"));
    assertThat(containers()).isEqualTo(before);
    assertThat(ready("tcp-probes")).isEqualTo("True");
  }

  private static Map<String, String> containers() {
    return List.of("interactive", "tcp-probes", "init-demo").stream()
        .collect(
            Collectors.toMap(pod -> pod, pod -> status(pod, ".containerStatuses[*].containerID")));
  }
}
