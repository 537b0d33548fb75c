package minik8s.apiserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Discovery;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.schema.OpenApi;
import minik8s.daemon.Metrics;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The paths that are no resource: discovery, version, OpenAPI, metrics. Thread-safe. */
final class DocumentRoutes {
  private static final Set<String> PROTOBUF_V2 =
      Set.of(
          "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
          "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");

  /** The name without an at sign, which newer clients insist on and older ones do not look at. */
  private static final String PROTOBUF_V2_ANSWER =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final KindTable kinds;
  private final OpenApi openApi;
  private final Metrics metrics;
  private final ObjectNode version;

  DocumentRoutes(KindTable kinds, OpenApi openApi, Metrics metrics, ObjectNode version) {
    this.kinds = kinds;
    this.openApi = openApi;
    this.metrics = metrics;
    this.version = version;
  }

  void serve(Exchange exchange) throws IOException {
    String verb = exchange.info().verb();
    List<String> parts =
        Arrays.stream(exchange.info().path().split("/")).filter(part -> !part.isEmpty()).toList();
    if (!verb.equals("get") && !verb.equals("head")) {
      throw Failure.of(
              Failure.Reason.MethodNotAllowed,
              "the server does not allow this method on the requested resource")
          .asException();
    }
    String first = parts.isEmpty() ? "" : parts.getFirst();
    switch (first) {
      case "" -> Answer.json(exchange.response(), 200, paths());
      case "api", "apis" -> discovery(exchange, parts);
      case "version" -> {
        requireEnd(parts, 1);
        Answer.json(exchange.response(), 200, version);
      }
      case "openapi" -> openApi(exchange, parts);
      case "swagger-2.0.0.pb-v1" -> openApi(exchange, List.of("openapi", "v2"));
      case "metrics" ->
          Answer.bytes(exchange.response(), 200, METRICS_TYPE, metrics.scrape().getBytes(UTF_8));
      default -> throw Failure.noSuchResource().asException();
    }
  }

  private static void requireEnd(List<String> parts, int length) {
    if (parts.size() > length) {
      throw Failure.noSuchResource().asException();
    }
  }

  private void discovery(Exchange exchange, List<String> parts) throws IOException {
    Discovery discovery = kinds.discovery();
    boolean core = parts.getFirst().equals("api");
    if (parts.size() == 1) {
      String aggregated = aggregatedVersion(exchange);
      if (!aggregated.isEmpty()) {
        byte[] body = Json.bytes(discovery.aggregated(core, aggregated));
        String type =
            "application/json;g=apidiscovery.k8s.io;v=" + aggregated + ";as=APIGroupDiscoveryList";
        tagged(exchange, type, body);
        return;
      }
      answer(exchange, core ? discovery.coreVersions() : discovery.groupList());
      return;
    }
    requireEnd(parts, core ? 2 : 3);
    Optional<ObjectNode> document =
        core
            ? discovery.resources("", parts.get(1))
            : parts.size() == 2
                ? discovery.group(parts.get(1))
                : discovery.resources(parts.get(1), parts.get(2));
    answer(exchange, document.orElseThrow(() -> Failure.noSuchResource().asException()));
  }

  private static void answer(Exchange exchange, ObjectNode document) throws IOException {
    Form form = exchange.form();
    Answer.bytes(exchange.response(), 200, form.contentType(), Renderer.document(document, form));
  }

  private static String aggregatedVersion(Exchange exchange) {
    for (MediaRange range : MediaRange.parse(exchange.request().getHeader("Accept"))) {
      if (!range.takesJson()) {
        continue;
      }
      String version = range.parameter("v");
      boolean known =
          range.parameter("as").equals("APIGroupDiscoveryList")
              && (version.equals("v2") || version.equals("v2beta1"));
      if (known) {
        return version;
      }
      if (range.parameter("as").isEmpty()) {
        return "";
      }
    }
    return "";
  }

  private void openApi(Exchange exchange, List<String> parts) throws IOException {
    String kind = parts.size() > 1 ? parts.get(1) : "";
    if (kind.equals("v2") && parts.size() == 2) {
      String accept = String.valueOf(exchange.request().getHeader("Accept"));
      for (String type : PROTOBUF_V2) {
        if (accept.contains(type)) {
          tagged(exchange, PROTOBUF_V2_ANSWER, openApi.v2Proto());
          return;
        }
      }
      tagged(exchange, "application/json", openApi.v2Json());
    } else if (kind.equals("v3")) {
      String path = String.join("/", parts.subList(2, parts.size()));
      byte[] body =
          path.isEmpty()
              ? openApi.v3Index()
              : openApi.v3(path).orElseThrow(() -> Failure.noSuchResource().asException());
      tagged(exchange, "application/json", body);
    } else {
      throw Failure.noSuchResource().asException();
    }
  }

  private void tagged(Exchange exchange, String type, byte[] body) throws IOException {
    String tag = openApi.etag(body);
    exchange.response().setHeader("ETag", tag);
    exchange.response().addHeader("Vary", "Accept");
    if (tag.equals(exchange.request().getHeader("If-None-Match"))) {
      exchange.response().setStatus(304);
      return;
    }
    Answer.bytes(exchange.response(), 200, type, body);
  }

  private ObjectNode paths() {
    ObjectNode document = Json.object();
    ArrayNode paths = document.putArray("paths");
    paths.add("/api").add("/apis").add("/healthz").add("/livez").add("/metrics");
    paths.add("/openapi/v2").add("/openapi/v3").add("/readyz").add("/version");
    return document;
  }
}
