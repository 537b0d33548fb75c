package minik8s.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import minik8s.api.ApiException;
import minik8s.api.ConfigMap;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.PartialObject;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HttpApiTest {
  private record Answer(int code, String body) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> accepted = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private HttpApi api;

  @BeforeEach
  void start() throws IOException, NoSuchAlgorithmException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          accepted.add(exchange.getRequestHeaders().getFirst("Accept"));
          Answer answer = answers.remove();
          byte[] bytes = answer.body().getBytes(UTF_8);
          exchange.sendResponseHeaders(answer.code(), bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    api = new HttpApi(new KubeConfig(uri, SSLContext.getDefault(), () -> ""), "test", (_, _) -> {});
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  @Timeout(60)
  void keepsCallsBeyondTheEighthWaitingAndServesThemAll() throws Exception {
    int calls = 20;
    Semaphore arrived = new Semaphore(0);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    server.createContext(
        "/api/v1/namespaces/busy/",
        exchange -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          arrived.release();
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          underWay.decrementAndGet();
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      running.add(threads.submit(() -> api.get(Resources.CONFIG_MAPS, new ObjectKey("busy", "x"))));
    }
    arrived.acquire(8);
    // Time for a ninth, were it let through.
    assertThat(arrived.tryAcquire(300, TimeUnit.MILLISECONDS)).isFalse();
    answer.countDown();
    for (Future<?> call : running) {
      assertThatThrownBy(call::get).hasCauseInstanceOf(ApiException.class);
    }
    arrived.acquire(calls - 8);
    assertThat(most.get()).isEqualTo(8);
  }

  @Test
  void asksForTheMetadataAloneWhereItReadsNothingElse() {
    Resource<PartialObject> maps = Resources.CONFIG_MAPS.as(PartialObject.class);
    answers.add(new Answer(200, "{\"metadata\":{\"name\":\"x\"}}"));
    api.get(maps, new ObjectKey("n", "x"));
    answers.add(new Answer(200, "{\"metadata\":{\"name\":\"x\"}}"));
    api.get(Resources.CONFIG_MAPS, new ObjectKey("n", "x"));
    assertThat(accepted.get(0)).startsWith("application/json;as=PartialObjectMetadata;");
    assertThat(accepted.get(1)).isEqualTo("application/json");
  }

  @Test
  void followsContinueTokensToTheEnd() {
    answers.add(
        new Answer(
            200,
            "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"a b\"},"
                + "\"items\":[{\"metadata\":{\"name\":\"x\"}}]}"));
    answers.add(
        new Answer(
            200,
            "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[{\"metadata\":{\"name\":\"y\"}}]}"));
    ObjectList<ConfigMap> list = api.list(Resources.CONFIG_MAPS, ListOptions.in("n").at("0"));
    assertThat(list.items()).extracting(c -> c.metadata().name()).containsExactly("x", "y");
    assertThat(list.resourceVersion()).isEqualTo("7");
    assertThat(requests.get(0))
        .startsWith("GET /api/v1/namespaces/n/configmaps?resourceVersion=0&");
    assertThat(requests.get(1)).contains("continue=a+b").doesNotContain("resourceVersion");
  }

  @Test
  void turnsStatusIntoItsFailure() {
    Failure failure = Failure.notFound("", "configmaps", "x");
    answers.add(new Answer(404, Json.string(failure.status())));
    assertThat(api.find(Resources.CONFIG_MAPS, new ObjectKey("n", "x"))).isEmpty();
    answers.add(new Answer(409, Json.string(Failure.modified("", "configmaps", "x").status())));
    assertThatThrownBy(() -> api.get(Resources.CONFIG_MAPS, new ObjectKey("n", "x")))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.conflict()).isTrue());
  }

  @Test
  void readsWatchToItsEndAndReportsLostRevision() {
    answers.add(
        new Answer(
            200,
            """
            {"type":"ADDED","object":{"metadata":{"name":"x","resourceVersion":"8"}}}
            {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}
            {"type":"DELETED","object":{"metadata":{"name":"x","resourceVersion":"10"}}}
            """));
    try (Watch<ConfigMap> watch = api.watch(Resources.CONFIG_MAPS, ListOptions.ALL.at("7"), 60)) {
      assertThat(watch.next()).isInstanceOf(WatchEvent.Changed.class);
      assertThat(watch.next()).isEqualTo(new WatchEvent.Bookmark<>("9"));
      assertThat(watch.next()).isInstanceOf(WatchEvent.Deleted.class);
      assertThat(watch.next()).isNull();
    }
    answers.add(
        new Answer(
            200,
            "{\"type\":\"ERROR\",\"object\":"
                + Json.string(Failure.expired("too old").status())
                + "}"));
    try (Watch<ConfigMap> watch = api.watch(Resources.CONFIG_MAPS, ListOptions.ALL.at("1"), 60)) {
      assertThatThrownBy(watch::next)
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.gone()).isTrue());
    }
  }

  @Test
  @Timeout(60)
  void opensAWatchBeforeItsFirstEventAndNoticesThatTheConnectionBroke() {
    CountDownLatch opened = new CountDownLatch(1);
    server.createContext(
        "/api/v1/pods",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().flush();
          try {
            opened.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new IOException("the server is killed");
        });
    try (Watch<Pod> watch = api.watch(Resources.PODS, ListOptions.ALL.at("1"), 60)) {
      opened.countDown();
      assertThatThrownBy(watch::next).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void sendsPreconditionsOfDelete() {
    answers.add(new Answer(200, "{}"));
    api.delete(Resources.PODS, new ObjectKey("n", "p"), DeleteOptions.now("u1"));
    assertThat(requests.getFirst())
        .startsWith("DELETE /api/v1/namespaces/n/pods/p ")
        .contains("\"gracePeriodSeconds\":0", "\"preconditions\":{\"uid\":\"u1\"}");
  }

  @Test
  void saysUnavailableWhenNobodyListens() throws NoSuchAlgorithmException {
    server.stop(0);
    assertThatThrownBy(
            () -> api.create(Resources.CONFIG_MAPS, "n", Map.of("metadata", Map.of("name", "x"))))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Failure.Reason.ServiceUnavailable)).isTrue());
  }
}
