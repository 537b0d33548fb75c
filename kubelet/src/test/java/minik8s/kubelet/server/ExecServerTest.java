package minik8s.kubelet.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.informer.Informer;
import minik8s.daemon.Delegation;
import minik8s.daemon.Metrics;
import minik8s.kubelet.metrics.NodeMetrics;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.FakeRuntime;
import minik8s.kubelet.runtime.FakeStreams;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.runtime.RuntimePicture;
import minik8s.testing.Pods;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Real HTTPS and real WebSockets in front of fake containers. */
class ExecServerTest {
  private static final String PASSWORD = "changeit";
  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static SSLContext tls;

  @SuppressWarnings("NullAway.Init")
  private static SSLContext withoutCertificate;

  @SuppressWarnings("NullAway.Init")
  private KubeletServer server;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD,
                "-storetype",
                "PKCS12")
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("own", keys.getCertificate("own"));
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    tls = SSLContext.getInstance("TLS");
    tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    withoutCertificate = SSLContext.getInstance("TLS");
    withoutCertificate.init(null, trust.getTrustManagers(), null);
  }

  @BeforeEach
  void serve() {
    Pod pod = Pods.pod("web").uid("u1").running().build();
    Informer<Pod> pods = new Informer<>(Resources.PODS, ListOptions.ALL, List.of());
    pods.replace(new ObjectList<>(List.of(pod), "1"));
    FakeRuntime runtime = new FakeRuntime(InstantSource.system(), "i");
    RuntimePicture picture = new RuntimePicture(runtime);
    String id =
        runtime.create(
            new ContainerConfig(
                new PodRef("u1", "default", "web"),
                "c",
                0,
                "",
                0,
                "i",
                List.of(),
                List.of(),
                List.of(),
                "",
                List.of(),
                new Network.Joined("s"),
                Limits.NONE,
                Security.DEFAULT,
                true,
                false,
                false));
    runtime.start(id);
    picture.refresh(id);
    server =
        KubeletServer.open(
            "127.0.0.1",
            0,
            tls,
            new Metrics(),
            new NodeMetrics(
                "node-1",
                folder,
                picture::snapshot,
                _ -> java.util.Optional.empty(),
                Runnable::run,
                InstantSource.system()),
            new Access(new Delegation(ExecServerTest::allow, InstantSource.system()), "node-1"),
            new ContainerRoutes(pods.lister(), picture, new FakeStreams(), InstantSource.system()),
            pods.lister()::all);
  }

  /** An API server that knows the token "good" and lets its owner and the certificate's pass. */
  private static JsonNode allow(Resource<JsonNode> kind, ObjectNode review) {
    ObjectNode status = review.putObject("status");
    if (kind.kind().equals("TokenReview")) {
      status.put("authenticated", review.path("spec").path("token").asString("").equals("good"));
      status.putObject("user").put("username", "prometheus").putArray("groups");
    } else {
      JsonNode wanted = review.path("spec").path("resourceAttributes");
      boolean reader = review.path("spec").path("user").asString("").equals("prometheus");
      status.put("allowed", !reader || wanted.path("subresource").asString("").equals("metrics"));
    }
    return review;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> get(SSLContext as, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(as).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private int status(String token, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(withoutCertificate).build()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
                  .header("Authorization", "Bearer " + token)
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void letsAReaderOfMetricsReadNothingElse() throws Exception {
    assertThat(status("good", "/metrics/resource")).isEqualTo(200);
    assertThat(status("good", "/metrics/cadvisor")).isEqualTo(200);
    assertThat(status("good", "/stats/summary")).isEqualTo(403);
    assertThat(status("good", "/containerLogs/default/web/c")).isEqualTo(403);
    assertThat(status("bad", "/metrics")).isEqualTo(401);
  }

  @Test
  void answersHealthToEverybodyAndTheRestToTheTrusted() throws Exception {
    assertThat(get(withoutCertificate, "/healthz").body()).isEqualTo("ok");
    assertThat(get(withoutCertificate, "/metrics").statusCode()).isEqualTo(401);
    assertThat(get(withoutCertificate, "/containerLogs/default/web/c").statusCode()).isEqualTo(401);
    assertThat(get(tls, "/metrics").body()).contains("jvm_threads_live_threads");
    assertThat(get(tls, "/pods").body()).contains("\"name\":\"web\"");
  }

  @Test
  void givesLogs() throws Exception {
    assertThat(get(tls, "/containerLogs/default/web/c?tailLines=2").body())
        .isEqualTo("two\nthree\n");
    assertThat(get(tls, "/containerLogs/default/web/c?limitBytes=5").body()).isEqualTo("one\nt");
    assertThat(get(tls, "/containerLogs/default/web/c?tailLines=x").statusCode()).isEqualTo(400);
    assertThat(get(tls, "/containerLogs/default/web/nosuch").body())
        .contains("container nosuch is not valid for pod web");
    assertThat(get(tls, "/containerLogs/default/nosuch/c").statusCode()).isEqualTo(404);
    assertThat(get(tls, "/containerLogs/default/web/c?previous=true").body())
        .contains("previous terminated container \"c\" in pod \"web\" not found");
  }

  private record Talk(WebSocket socket, Received received) {}

  private Talk open(String path, String protocol) throws Exception {
    Received received = new Received();
    WebSocket socket =
        HttpClient.newBuilder()
            .sslContext(tls)
            .build()
            .newWebSocketBuilder()
            .subprotocols(protocol)
            .buildAsync(URI.create("wss://127.0.0.1:" + server.port() + path), received)
            .get(20, TimeUnit.SECONDS);
    return new Talk(socket, received);
  }

  private static ByteBuffer message(int channel, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).flip();
  }

  @Test
  void runsACommandAndReportsItsExitCode() throws Exception {
    Talk talk =
        open(
            "/exec/default/web/c?command=echo&command=hi&stdin=1&stdout=true&stderr=1",
            "v5.channel.k8s.io");
    assertThat(talk.socket().getSubprotocol()).isEqualTo("v5.channel.k8s.io");
    talk.socket().sendBinary(message(0, "typed"), true).get(20, TimeUnit.SECONDS);
    talk.socket()
        .sendBinary(message(4, "{\"Width\":132,\"Height\":40}"), true)
        .get(20, TimeUnit.SECONDS);
    talk.socket()
        .sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, 0}), true)
        .get(20, TimeUnit.SECONDS);
    assertThat(talk.received().closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    assertThat(talk.received().text(1)).isEqualTo("echo hi\ntyped");
    assertThat(talk.received().text(2)).isEqualTo("132x40");
    assertThat(talk.received().text(3)).contains("NonZeroExitCode", "\"message\":\"3\"");
  }

  @Test
  void keepsWhatTheClientDidNotAskFor() throws Exception {
    Talk talk = open("/exec/default/web/c?command=ls&stderr=1", "v4.channel.k8s.io");
    assertThat(talk.received().closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    assertThat(talk.received().text(1)).isEmpty();
    assertThat(talk.received().text(3)).contains("ExitCode");
  }

  @Test
  void refusesExecWithoutCommandOrUpgrade() throws Exception {
    assertThat(get(tls, "/exec/default/web/c").statusCode()).isEqualTo(400);
    assertThat(get(tls, "/exec/default/web/c?command=ls").body()).contains("WebSocket");
  }

  /** Collects messages by channel. */
  private static final class Received implements WebSocket.Listener {
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream[] channels = {
      new ByteArrayOutputStream(),
      new ByteArrayOutputStream(),
      new ByteArrayOutputStream(),
      new ByteArrayOutputStream()
    };

    synchronized String text(int channel) {
      return channels[channel].toString(UTF_8);
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onBinary(
        WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      channels[bytes[0]].write(bytes, 1, bytes.length - 1);
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
