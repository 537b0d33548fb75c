package minik8s.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import minik8s.api.codec.Json;
import minik8s.apiserver.testbed.TestServer;
import minik8s.apiserver.testbed.TestServer.Reply;
import minik8s.apiserver.wiring.RunningServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The whole server over TLS on a real etcd. */
final class ApiServerIT {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static @Nullable TestServer started;

  @BeforeAll
  static void start() throws Exception {
    started = new TestServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server().close();
  }

  private static TestServer server() {
    return Objects.requireNonNull(started);
  }

  private static String map(String name) {
    return "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"a\":\"1\"}}";
  }

  private static String pod(String name) {
    return "{\"metadata\":{\"name\":\""
        + name
        + "\",\"labels\":{\"app\":\"x\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
  }

  @Test
  void createsReadsReplacesAndDeletes() throws Exception {
    Reply created = server().post(MAPS, map("crud"));
    assertThat(created.code()).isEqualTo(201);
    assertThat(created.at("/kind")).isEqualTo("ConfigMap");
    assertThat(created.at("/metadata/uid")).isNotEmpty();
    Reply read = server().get(MAPS + "/crud");
    assertThat(read.json()).isEqualTo(created.json());
    Reply again = server().post(MAPS, map("crud"));
    assertThat(again.code()).isEqualTo(409);
    assertThat(again.at("/message")).isEqualTo("configmaps \"crud\" already exists");
    Reply same = server().put(MAPS + "/crud", new String(read.response().body(), UTF_8));
    assertThat(same.at("/metadata/resourceVersion"))
        .isEqualTo(created.at("/metadata/resourceVersion"));
    Reply replaced =
        server().put(MAPS + "/crud", "{\"metadata\":{\"name\":\"crud\"},\"data\":{\"a\":\"2\"}}");
    assertThat(replaced.at("/data/a")).isEqualTo("2");
    Reply stale = server().put(MAPS + "/crud", new String(read.response().body(), UTF_8));
    assertThat(stale.code()).isEqualTo(409);
    assertThat(stale.at("/message"))
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"crud\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
    Reply deleted = server().delete(MAPS + "/crud", "");
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.at("/status")).isEqualTo("Success");
    Reply gone = server().get(MAPS + "/crud");
    assertThat(gone.code()).isEqualTo(404);
    assertThat(gone.at("/details/kind")).isEqualTo("configmaps");
  }

  @Test
  void patchesInThreeWays() throws Exception {
    server().post(MAPS, map("patched"));
    assertThat(
            server()
                .patch(MAPS + "/patched", "merge", "{\"data\":{\"b\":\"2\",\"a\":null}}")
                .json()
                .path("data")
                .toString())
        .isEqualTo("{\"b\":\"2\"}");
    assertThat(
            server()
                .patch(
                    MAPS + "/patched",
                    "json",
                    "[{\"op\":\"add\",\"path\":\"/data/c\",\"value\":\"3\"}]")
                .at("/data/c"))
        .isEqualTo("3");
    assertThat(
            server()
                .patch(MAPS + "/patched", "strategic-merge", "{\"data\":{\"d\":\"4\"}}")
                .at("/data/d"))
        .isEqualTo("4");
    assertThat(
            server()
                .patch(
                    MAPS + "/patched",
                    "merge",
                    "{\"metadata\":{\"resourceVersion\":\"1\"},\"data\":{\"x\":\"y\"}}")
                .code())
        .isEqualTo(409);
    assertThat(server().patch(MAPS + "/patched", "nonsense", "{}").code()).isEqualTo(415);
  }

  @Test
  void concurrentPatchesAllCount() throws Exception {
    server().post(MAPS, map("contended"));
    List<CompletableFuture<Integer>> patches = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String body = "{\"data\":{\"k" + i + "\":\"v\"}}";
      patches.add(
          CompletableFuture.supplyAsync(() -> {
            try {
              return server().patch(MAPS + "/contended", "merge", body).code();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }));
    }
    patches.forEach(patch -> assertThat(patch.join()).isEqualTo(200));
    assertThat(server().get(MAPS + "/contended").json().path("data").size()).isEqualTo(5);
  }

  @Test
  void dryRunStoresNothing() throws Exception {
    Reply reply = server().post(MAPS + "?dryRun=All", map("dry"));
    assertThat(reply.code()).isEqualTo(201);
    assertThat(reply.at("/metadata/uid")).isNotEmpty();
    assertThat(reply.at("/metadata/resourceVersion")).isEmpty();
    assertThat(server().get(MAPS + "/dry").code()).isEqualTo(404);
    assertThat(server().post(MAPS + "?dryRun=Some", map("dry")).code()).isEqualTo(422);
  }

  @Test
  void generatesNames() throws Exception {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      names.add(
          server().post(MAPS, "{\"metadata\":{\"generateName\":\"gn-\"}}").at("/metadata/name"));
    }
    assertThat(names).hasSize(3).allMatch(name -> name.matches("gn-[a-z0-9]{5}"));
  }

  @Test
  void refusesWithKubernetesWords() throws Exception {
    assertThat(server().post("/api/v1/namespaces/nope/configmaps", map("x")).at("/message"))
        .isEqualTo("namespaces \"nope\" not found");
    assertThat(server().get("/api/v1/foos").at("/message"))
        .isEqualTo("the server could not find the requested resource");
    assertThat(server().get("/nope").at("/reason")).isEqualTo("NotFound");
    assertThat(server().post(MAPS + "/named", map("named")).code()).isEqualTo(405);
    assertThat(server().put(MAPS + "/newcm", map("newcm")).code()).isEqualTo(404);
    assertThat(
            server().post(MAPS, "{\"metadata\":{\"name\":\"x\",\"namespace\":\"other\"}}").code())
        .isEqualTo(400);
    assertThat(
            server().post(MAPS, "{\"metadata\":{\"name\":\"x\",\"resourceVersion\":\"5\"}}").code())
        .isEqualTo(500);
    assertThat(server().get(PODS + "?fieldSelector=spec.foo%3Dx").at("/message"))
        .isEqualTo("field label not supported: spec.foo");
    assertThat(server().send(server().request(MAPS).header("Accept", "image/png").GET()).code())
        .isEqualTo(406);
    assertThat(
            server()
                .post(
                    MAPS,
                    "{\"metadata\":{\"name\":\"big\"},\"data\":{\"a\":\""
                        + "x".repeat(2_000_000)
                        + "\"}}")
                .code())
        .isIn(413, 422);
    assertThat(server().post(MAPS, "x".repeat(3_500_000)).code()).isEqualTo(413);
  }

  @Test
  void asksWhoIsThere() throws Exception {
    HttpRequest request = server().request(MAPS).GET().build();
    try (var stranger = server().stranger()) {
      HttpResponse<String> refused = stranger.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(Json.parse(refused.body()).path("reason").asString()).isEqualTo("Unauthorized");
      HttpRequest health = server().request("/readyz").GET().build();
      assertThat(stranger.send(health, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("ok");
    }
    try (var nobody = server().client("nobody")) {
      HttpResponse<String> refused = nobody.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("cannot list resource \\\"configmaps\\\"");
    }
  }

  @Test
  void listsInConsistentPages() throws Exception {
    String maps = "/api/v1/namespaces/kube-public/configmaps";
    for (int i = 0; i < 5; i++) {
      server().post(maps, map("pg" + i));
    }
    Reply first = server().get(maps + "?limit=2");
    assertThat(first.json().path("items").size()).isEqualTo(2);
    assertThat(first.json().path("metadata").path("remainingItemCount").asInt()).isEqualTo(3);
    server().post(maps, map("pg1a"));
    server().delete(maps + "/pg4", "");
    Reply second = server().get(maps + "?limit=2&continue=" + first.at("/metadata/continue"));
    Reply third = server().get(maps + "?limit=2&continue=" + second.at("/metadata/continue"));
    assertThat(second.at("/metadata/resourceVersion"))
        .isEqualTo(first.at("/metadata/resourceVersion"));
    assertThat(names(second)).containsExactly("pg2", "pg3");
    assertThat(names(third)).containsExactly("pg4");
    assertThat(third.at("/metadata/continue")).isEmpty();
    assertThat(names(server().get(maps + "?fieldSelector=metadata.name%3Dpg2")))
        .containsExactly("pg2");
    assertThat(server().get(maps + "?limit=2&continue=abc").code()).isEqualTo(400);
    assertThat(server().get(maps + "?resourceVersion=99999999").code()).isEqualTo(504);
    Reply collection = server().delete(maps, "");
    assertThat(collection.code()).isEqualTo(200);
    assertThat(names(server().get(maps))).isEmpty();
  }

  private static List<String> names(Reply list) {
    return list.json()
        .path("items")
        .valueStream()
        .map(item -> item.at("/metadata/name").asString())
        .toList();
  }

  @Test
  void watchesFromAnyHeldRevisionAlsoAfterARestart() throws Exception {
    String start = server().get(MAPS).at("/metadata/resourceVersion");
    server().post(MAPS, "{\"metadata\":{\"name\":\"w\",\"labels\":{\"w\":\"1\"}}}");
    server().patch(MAPS + "/w", "merge", "{\"data\":{\"a\":\"b\"}}");
    server().patch(MAPS + "/w", "merge", "{\"metadata\":{\"labels\":{\"w\":\"0\"}}}");
    server().patch(MAPS + "/w", "merge", "{\"metadata\":{\"labels\":{\"w\":\"1\"}}}");
    server().delete(MAPS + "/w", "");
    String path =
        MAPS
            + "?watch=true&labelSelector=w%3D1&timeoutSeconds=2&allowWatchBookmarks=true&resourceVersion="
            + start;
    List<String> expected = List.of("ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED", "BOOKMARK");
    assertThat(types(path)).isEqualTo(expected);
    server().restart();
    assertThat(types(path)).isEqualTo(expected);
  }

  private static List<String> types(String path) throws Exception {
    try (Stream<String> lines = server().lines(path)) {
      return lines.map(line -> Json.parse(line).path("type").asString()).toList();
    }
  }

  @Test
  void streamsInitialEventsAndLiveOnes() throws Exception {
    String maps = "/api/v1/namespaces/kube-node-lease/configmaps";
    server().post(maps, map("before"));
    try (Stream<String> lines =
        server()
            .lines(
                maps
                    + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=20")) {
      Iterator<String> each = lines.iterator();
      assertThat(each.next()).startsWith("{\"type\":\"ADDED\"").contains("\"before\"");
      assertThat(each.next())
          .contains("BOOKMARK")
          .contains("\"k8s.io/initial-events-end\":\"true\"");
      server().post(maps, map("after"));
      assertThat(each.next()).startsWith("{\"type\":\"ADDED\"").contains("\"after\"");
      server().delete(maps + "/after", "");
      assertThat(each.next()).startsWith("{\"type\":\"DELETED\"").contains("\"after\"");
    }
  }

  @Test
  void watchesOverWebSockets() throws Exception {
    String maps = "/api/v1/namespaces/kube-system/configmaps";
    server().post(maps, map("socket"));
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public @Nullable CompletionStage<?> onText(
              WebSocket socket, CharSequence text, boolean last) {
            messages.add(text.toString());
            socket.request(1);
            return null;
          }

          @Override
          public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            ended.complete(code);
            return null;
          }
        };
    WebSocket socket =
        server()
            .socket(
                maps + "?watch=true&timeoutSeconds=4&fieldSelector=metadata.name%3Dsocket",
                listener);
    assertThat(messages.poll(20, TimeUnit.SECONDS))
        .startsWith("{\"type\":\"ADDED\"")
        .contains("\"socket\"");
    server().patch(maps + "/socket", "merge", "{\"data\":{\"a\":\"" + "y".repeat(300) + "\"}}");
    assertThat(messages.poll(20, TimeUnit.SECONDS)).startsWith("{\"type\":\"MODIFIED\"");
    assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    assertThat(socket.isInputClosed()).isTrue();
  }

  @Test
  void tellsATooOldWatchToListAgain() throws Exception {
    Reply made = server().post(MAPS, map("compacted"));
    server().compact(Long.parseLong(made.at("/metadata/resourceVersion")));
    server().restart();
    String path = MAPS + "?watch=true&timeoutSeconds=20&resourceVersion=";
    try (Stream<String> lines = server().lines(path + "1")) {
      JsonNode event = Json.parse(lines.findFirst().orElseThrow());
      assertThat(event.path("type").asString()).isEqualTo("ERROR");
      assertThat(event.at("/object/code").asInt()).isEqualTo(410);
      assertThat(event.at("/object/reason").asString()).isEqualTo("Expired");
    }
    assertThat(names(server().get(MAPS))).contains("compacted");
  }

  @Test
  void keepsObjectsUntilTheirFinalizersAreGone() throws Exception {
    server().post(MAPS, "{\"metadata\":{\"name\":\"fin\",\"finalizers\":[\"example.com/x\"]}}");
    Reply marked = server().delete(MAPS + "/fin", "");
    assertThat(marked.code()).isEqualTo(200);
    assertThat(marked.at("/metadata/deletionTimestamp")).isNotEmpty();
    assertThat(marked.json().path("metadata").path("deletionGracePeriodSeconds").asInt(-1))
        .isZero();
    assertThat(server().get(MAPS + "/fin").code()).isEqualTo(200);
    assertThat(
            server().patch(MAPS + "/fin", "merge", "{\"metadata\":{\"finalizers\":null}}").code())
        .isEqualTo(200);
    assertThat(server().get(MAPS + "/fin").code()).isEqualTo(404);
  }

  @Test
  void honoursPreconditionsAndPropagation() throws Exception {
    server().post(MAPS, map("pre"));
    assertThat(
            server().delete(MAPS + "/pre", "{\"preconditions\":{\"uid\":\"abc\"}}").at("/message"))
        .startsWith(
            "Operation cannot be fulfilled on ConfigMap \"pre\": the UID in the precondition (abc)");
    Reply orphaning = server().delete(MAPS + "/pre", "{\"propagationPolicy\":\"Orphan\"}");
    assertThat(orphaning.json().path("metadata").path("finalizers").toString())
        .isEqualTo("[\"orphan\"]");
    Reply foreground = server().delete(MAPS + "/pre", "{\"propagationPolicy\":\"Foreground\"}");
    assertThat(foreground.json().path("metadata").path("finalizers").toString())
        .isEqualTo("[\"foregroundDeletion\"]");
    assertThat(
            server().delete(MAPS + "/pre", "{\"propagationPolicy\":\"Background\"}").at("/status"))
        .isEqualTo("Success");
  }

  @Test
  void bindsAPodOnceAndLetsItEndGracefully() throws Exception {
    server().post(PODS, pod("bound"));
    String binding =
        "{\"metadata\":{\"name\":\"bound\"},\"target\":{\"kind\":\"Node\",\"name\":\"n1\"}}";
    assertThat(server().post(PODS + "/bound/binding", binding).code()).isEqualTo(201);
    Reply bound = server().get(PODS + "/bound");
    assertThat(bound.at("/spec/nodeName")).isEqualTo("n1");
    assertThat(bound.at("/status/conditions/0/type")).isEqualTo("PodScheduled");
    assertThat(server().post(PODS + "/bound/binding", binding).code()).isEqualTo(409);
    assertThat(names(server().get("/api/v1/pods?fieldSelector=spec.nodeName%3Dn1")))
        .containsExactly("bound");
    Reply going = server().delete(PODS + "/bound", "");
    assertThat(going.json().path("metadata").path("deletionGracePeriodSeconds").asInt())
        .isEqualTo(30);
    assertThat(server().get(PODS + "/bound").code()).isEqualTo(200);
    server().delete(PODS + "/bound", "{\"gracePeriodSeconds\":0}");
    assertThat(server().get(PODS + "/bound").code()).isEqualTo(404);
    server().post(PODS, pod("unbound"));
    server().delete(PODS + "/unbound", "");
    assertThat(server().get(PODS + "/unbound").code()).isEqualTo(404);
  }

  @Test
  void keepsStatusAndSpecApart() throws Exception {
    server().post(PODS, pod("st"));
    Reply status =
        server()
            .patch(
                PODS + "/st/status",
                "merge",
                "{\"status\":{\"phase\":\"Running\"},\"spec\":{\"nodeName\":\"elsewhere\"}}");
    assertThat(status.at("/status/phase")).isEqualTo("Running");
    assertThat(status.json().path("spec").has("nodeName")).isFalse();
    Reply main =
        server()
            .patch(
                PODS + "/st",
                "merge",
                "{\"status\":{\"phase\":\"Failed\"},\"metadata\":{\"labels\":{\"app\":\"z\"}}}");
    assertThat(main.at("/status/phase")).isEqualTo("Running");
    assertThat(main.at("/metadata/labels/app")).isEqualTo("z");
  }

  @Test
  void givesServicesAddressesOfTheirOwn() throws Exception {
    String services = "/api/v1/namespaces/default/services";
    String fixed =
        "{\"metadata\":{\"name\":\"s1\"},\"spec\":{\"clusterIP\":\"10.96.7.7\",\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":30007}]}}";
    assertThat(server().post(services, fixed).code()).isEqualTo(201);
    Reply clash = server().post(services, fixed.replace("s1", "s2").replace("30007", "30008"));
    assertThat(clash.code()).isEqualTo(422);
    Reply portClash =
        server().post(services, fixed.replace("s1", "s2").replace("10.96.7.7", "10.96.7.8"));
    assertThat(portClash.at("/message")).contains("provided port is already allocated");
    Reply any =
        server()
            .post(
                services, "{\"metadata\":{\"name\":\"s3\"},\"spec\":{\"ports\":[{\"port\":80}]}}");
    assertThat(any.at("/spec/clusterIP")).startsWith("10.96.");
    server().delete(services + "/s1", "");
    assertThat(server().post(services, fixed.replace("s1", "s2")).code()).isEqualTo(201);
  }

  @Test
  void opensAndClosesCustomResources() throws Exception {
    String definition =
        """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"things.it.example.com"},
         "spec":{"group":"it.example.com","scope":"Namespaced","names":{"plural":"things","singular":"thing","kind":"Thing"},
          "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"integer","maximum":9,"default":3}}},"status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}},
                      {"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
        """;
    String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    String things = "/apis/it.example.com/v1/namespaces/default/things";
    assertThat(server().post(definitions, definition).code()).isEqualTo(201);
    Reply made = server().post(things, "{\"metadata\":{\"name\":\"t\"},\"spec\":{}}");
    assertThat(made.code()).isEqualTo(201);
    assertThat(made.json().path("spec").path("size").asInt()).isEqualTo(3);
    assertThat(made.json().path("metadata").path("generation").asInt()).isEqualTo(1);
    assertThat(
            server().post(things, "{\"metadata\":{\"name\":\"u\"},\"spec\":{\"size\":10}}").code())
        .isEqualTo(422);
    assertThat(server().get(things.replace("/v1/", "/v2/") + "/t").at("/apiVersion"))
        .isEqualTo("it.example.com/v2");
    Reply renamed =
        server()
            .patch(
                definitions + "/things.it.example.com",
                "merge",
                "{\"spec\":{\"names\":{\"shortNames\":[\"th\"]}}}");
    assertThat(renamed.code()).isEqualTo(200);
    assertThat(server().get("/apis/it.example.com/v1").at("/resources/0/shortNames/0"))
        .isEqualTo("th");
    server().restart();
    assertThat(names(server().get(things))).containsExactly("t");
    String before = server().get(definitions).at("/metadata/resourceVersion");
    server().delete(definitions + "/things.it.example.com", "");
    String watch = definitions + "?watch=true&timeoutSeconds=20&resourceVersion=" + before;
    try (Stream<String> lines = server().lines(watch)) {
      assertThat(lines.anyMatch(line -> line.startsWith("{\"type\":\"DELETED\""))).isTrue();
    }
    assertThat(server().get(things).code()).isEqualTo(404);
    assertThat(server().post(definitions, definition).code()).isEqualTo(201);
    assertThat(names(server().get(things))).isEmpty();
  }

  @Test
  void speaksTheFormsThatClientsAskFor() throws Exception {
    server().post(MAPS, map("forms"));
    Reply table =
        server()
            .send(
                server()
                    .request(MAPS + "/forms")
                    .header(
                        "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
                    .GET());
    assertThat(table.at("/kind")).isEqualTo("Table");
    assertThat(table.at("/rows/0/cells/0")).isEqualTo("forms");
    Reply partial =
        server()
            .send(
                server()
                    .request(MAPS)
                    .header(
                        "Accept",
                        "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
                    .GET());
    assertThat(partial.at("/kind")).isEqualTo("PartialObjectMetadataList");
    assertThat(partial.json().path("items").path(0).has("data")).isFalse();
    assertThat(partial.at("/items/0/kind")).isEqualTo("PartialObjectMetadata");
    assertThat(partial.at("/items/0/metadata/resourceVersion")).isNotEmpty();
    Reply discovery =
        server()
            .send(
                server()
                    .request("/apis")
                    .header(
                        "Accept",
                        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
                    .GET());
    assertThat(discovery.response().headers().firstValue("Content-Type").orElse(""))
        .contains("as=APIGroupDiscoveryList");
    assertThat(server().get("/apis/apps/v1").at("/kind")).isEqualTo("APIResourceList");
    assertThat(server().get("/version").at("/major")).isEqualTo("1");
    Reply index = server().get("/openapi/v3");
    String tag = index.response().headers().firstValue("ETag").orElseThrow();
    assertThat(
            server()
                .send(server().request("/openapi/v3").header("If-None-Match", tag).GET())
                .code())
        .isEqualTo(304);
  }

  @Test
  void readsFromMemoryOnlyWhileNoOtherServerWrites() throws Exception {
    awaitAlone(1);
    try (RunningServer other = server().beside()) {
      awaitAlone(0);
      Reply made = server().post(MAPS, map("shared"));
      assertThat(made.code()).isEqualTo(201);
      for (int i = 0; i < 100; i++) {
        String there = patched(server().request(other, MAPS + "/shared"), i);
        assertThat(version(server().get(MAPS + "/shared"))).isEqualTo(there);
        String here = patched(server().request(MAPS + "/shared"), -i - 1);
        Reply read = server().send(server().request(other, MAPS + "/shared").GET());
        assertThat(version(read)).isEqualTo(here);
      }
    }
    awaitAlone(1);
    for (int i = 0; i < 100; i++) {
      String written = patched(server().request(MAPS + "/shared"), i);
      assertThat(version(server().get(MAPS + "/shared"))).isEqualTo(written);
    }
    assertThat(server().delete(MAPS + "/shared", "").code()).isEqualTo(200);
    assertThat(server().get(MAPS + "/shared").code()).isEqualTo(404);
  }

  private static String patched(HttpRequest.Builder request, int value) throws Exception {
    String body = "{\"data\":{\"n\":\"" + value + "\"}}";
    return version(
        server()
            .send(
                request
                    .header("Content-Type", "application/merge-patch+json")
                    .method("PATCH", HttpRequest.BodyPublishers.ofString(body))));
  }

  private static String version(Reply reply) {
    assertThat(reply.code()).isEqualTo(200);
    return reply.at("/metadata/resourceVersion");
  }

  private static void awaitAlone(int value) throws Exception {
    String line = "minik8s_apiserver_alone " + value + ".0\n";
    for (int attempt = 0; !page("/metrics").contains(line); attempt++) {
      assertThat(attempt).as(line).isLessThan(1_000);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static String page(String path) throws Exception {
    return new String(server().get(path).response().body(), UTF_8);
  }

  @Test
  void saysQuicklyThatEtcdIsAwayAndRecovers() throws Exception {
    server().post(MAPS, map("durable"));
    server().etcd().kill();
    Reply refused = server().post(MAPS, map("lost"));
    assertThat(refused.code()).isEqualTo(503);
    assertThat(refused.at("/message")).contains("etcd");
    assertThat(server().get(MAPS + "/durable?resourceVersion=0").code()).isEqualTo(200);
    server().etcd().start();
    // A GET may be answered from memory meanwhile; only this asks etcd itself.
    for (int attempt = 0; attempt < 60 && server().get("/readyz").code() != 200; attempt++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(server().get("/readyz").code()).isEqualTo(200);
    JsonNode found = server().get(MAPS + "/durable").json();
    assertThat(found.at("/data/a").asString("")).isEqualTo("1");
    assertThat(server().post(MAPS, map("after-crash")).code()).isEqualTo(201);
    assertThat(server().get(MAPS + "/after-crash").code()).isEqualTo(200);
  }

  @Test
  void losesNoAcknowledgedWriteWhenEtcdIsKilled() throws Exception {
    String maps = "/api/v1/namespaces/kube-public/configmaps";
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      String prefix = "kill" + writer + "-";
      writers.add(
          CompletableFuture.runAsync(() -> {
            for (int i = 0; !stop.get(); i++) {
              if (createdQuietly(maps, prefix + i)) {
                acknowledged.add(prefix + i);
              }
            }
          }));
    }
    await(() -> acknowledged.size() > 40);
    server().etcd().kill();
    server().etcd().start();
    int before = acknowledged.size();
    await(() -> acknowledged.size() > before + 40);
    stop.set(true);
    writers.forEach(CompletableFuture::join);
    assertThat(names(server().get(maps))).containsAll(acknowledged);
    try (Stream<String> lines = server().lines(maps + "?watch=true&timeoutSeconds=1")) {
      Set<String> told = new HashSet<>();
      lines.forEach(line -> told.add(Json.parse(line).at("/object/metadata/name").asString("")));
      assertThat(told).containsAll(acknowledged);
    }
    server().delete(maps, "");
  }

  private static boolean createdQuietly(String path, String name) {
    try {
      return server().post(path, map(name)).code() == 201;
    } catch (Exception e) {
      return false;
    }
  }

  private static void await(BooleanSupplier condition) throws Exception {
    for (int attempt = 0; !condition.getAsBoolean(); attempt++) {
      assertThat(attempt).isLessThan(2_000);
      assertThat(server().get("/livez").code()).isEqualTo(200);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void neverLetsOneTooManyPastAQuota() throws Exception {
    server().post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"counted\"}}");
    String quotas = "/api/v1/namespaces/counted/resourcequotas";
    server()
        .post(
            quotas, "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{\"configmaps\":\"10\"}}}");
    Reply counted =
        server()
            .patch(
                quotas + "/q/status",
                "merge",
                "{\"status\":{\"hard\":{\"configmaps\":\"10\"},\"used\":{\"configmaps\":\"0\"}}}");
    assertThat(counted.code()).isEqualTo(200);
    // Admission reads which quotas there are from the watch cache.
    await(
        () -> text(quotas + "?resourceVersion=0", "/items/0/status/hard/configmaps").equals("10"));
    List<CompletableFuture<Integer>> creations = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String body = map("m" + i);
      creations.add(
          CompletableFuture.supplyAsync(
              () -> code(() -> server().post("/api/v1/namespaces/counted/configmaps", body))));
    }
    long made = creations.stream().map(CompletableFuture::join).filter(c -> c == 201).count();
    long refused = creations.stream().map(CompletableFuture::join).filter(c -> c == 403).count();
    assertThat(made).isEqualTo(10);
    assertThat(refused).isEqualTo(30);
    assertThat(server().get(quotas + "/q").at("/status/used/configmaps")).isEqualTo("10");
    String one = server().get("/api/v1/namespaces/counted/configmaps").at("/items/0/metadata/name");
    server().delete("/api/v1/namespaces/counted/configmaps/" + one, "");
    assertThat(server().get(quotas + "/q").at("/status/used/configmaps")).isEqualTo("9");
  }

  @Test
  void neverEvictsMoreThanABudgetAllows() throws Exception {
    String budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    server()
        .post(
            budgets,
            "{\"metadata\":{\"name\":\"guard\"},\"spec\":{\"minAvailable\":1,\"selector\":{\"matchLabels\":{\"app\":\"guarded\"}}}}");
    server()
        .patch(
            budgets + "/guard/status",
            "merge",
            "{\"status\":{\"observedGeneration\":1,\"disruptionsAllowed\":3,\"currentHealthy\":8,\"desiredHealthy\":5,\"expectedPods\":8}}");
    await(() ->
        text(budgets + "?resourceVersion=0", "/items/0/status/disruptionsAllowed").equals("3"));
    for (int i = 0; i < 8; i++) {
      server().post(PODS, pod("guarded-" + i).replace("\"x\"", "\"guarded\""));
      server()
          .patch(
              PODS + "/guarded-" + i + "/status",
              "merge",
              "{\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    }
    List<CompletableFuture<Integer>> evictions = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "guarded-" + i;
      evictions.add(
          CompletableFuture.supplyAsync(() ->
              code(() ->
                  server()
                      .post(
                          PODS + "/" + name + "/eviction",
                          "{\"metadata\":{\"name\":\"" + name + "\"}}"))));
    }
    List<Integer> codes = evictions.stream().map(CompletableFuture::join).sorted().toList();
    assertThat(codes).containsExactly(201, 201, 201, 429, 429, 429, 429, 429);
  }

  private interface Call {
    Reply send() throws Exception;
  }

  private static int code(Call call) {
    try {
      return call.send().code();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(String path, String pointer) {
    try {
      return server().get(path).at(pointer);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
