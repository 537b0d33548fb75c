package minik8s.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.PartialObject;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API over HTTPS with the JDK's own client. Thread-safe; meant to be called from virtual
 * threads. HTTP/1.1 with kept connections: one per open watch, at most eight for the rest, so that
 * calls beyond wait for their turn.
 */
public final class HttpApi implements Api {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
  private static final int PAGE = 500;

  /**
   * Calls under way at a time. Each needs a connection of its own, and shaking hands for it costs
   * either side more than many calls: without a bound, 50 pods made a kubelet open 60 connections.
   */
  private static final int AT_ONCE = 8;

  private static final String JSON = "application/json";

  /** What asks the server to leave everything but the metadata away, where it can. */
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json";

  private final HttpClient http;
  private final KubeConfig config;
  private final String userAgent;
  private final BiConsumer<String, Integer> observer;
  private final Semaphore calls = new Semaphore(AT_ONCE, true);

  /**
   * @param userAgent names the daemon in the server's logs and as field manager
   * @param observer told the method and status code of each answer; for metrics
   */
  public HttpApi(KubeConfig config, String userAgent, BiConsumer<String, Integer> observer) {
    this.config = config;
    this.userAgent = userAgent;
    this.observer = observer;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(config.tls())
            .sslParameters(Ciphers.parameters(config.tls()))
            .connectTimeout(Duration.ofSeconds(5))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  @Override
  public <T> T get(Resource<T> resource, ObjectKey key) {
    return call("GET", resource.path(key), accept(resource), null, null, resource.type());
  }

  @Override
  public <T> ObjectList<T> list(Resource<T> resource, ListOptions options) {
    List<T> items = new ArrayList<>();
    String token = "";
    JsonNode page;
    do {
      String query = query(options, token.isEmpty()) + "&limit=" + PAGE;
      if (!token.isEmpty()) {
        query += "&continue=" + encode(token);
      }
      String path = resource.path(options.namespace()) + query;
      page = call("GET", path, accept(resource), null, null, JsonNode.class);
      for (JsonNode item : page.path("items")) {
        items.add(Json.read(item, resource.type()));
      }
      token = page.path("metadata").path("continue").asString("");
    } while (!token.isEmpty());
    return new ObjectList<>(items, page.path("metadata").path("resourceVersion").asString(""));
  }

  @Override
  public <T> T create(Resource<T> resource, String namespace, Object body) {
    return call("POST", resource.path(namespace), JSON, body, resource.type());
  }

  @Override
  public <T> T replace(Resource<T> resource, ObjectKey key, Object body) {
    return call("PUT", resource.path(key), JSON, body, resource.type());
  }

  @Override
  public <T> T patch(
      Resource<T> resource, ObjectKey key, String subresource, PatchType type, JsonNode patch) {
    return call(
        "PATCH", sub(resource, key, subresource), type.contentType(), patch, resource.type());
  }

  @Override
  public JsonNode post(Resource<?> resource, ObjectKey key, String subresource, Object body) {
    return call("POST", sub(resource, key, subresource), JSON, body, JsonNode.class);
  }

  @Override
  public JsonNode put(Resource<?> resource, ObjectKey key, String subresource, Object body) {
    return call("PUT", sub(resource, key, subresource), JSON, body, JsonNode.class);
  }

  @Override
  public void delete(Resource<?> resource, ObjectKey key, DeleteOptions options) {
    ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
    if (options.gracePeriodSeconds() != null) {
      body.put("gracePeriodSeconds", options.gracePeriodSeconds());
    }
    if (options.propagationPolicy() != null) {
      body.put("propagationPolicy", options.propagationPolicy());
    }
    if (options.uid() != null || options.resourceVersion() != null) {
      ObjectNode conditions = body.putObject("preconditions");
      if (options.uid() != null) {
        conditions.put("uid", options.uid());
      }
      if (options.resourceVersion() != null) {
        conditions.put("resourceVersion", options.resourceVersion());
      }
    }
    call("DELETE", resource.path(key), JSON, body, JsonNode.class);
  }

  @Override
  public <T> Watch<T> watch(Resource<T> resource, ListOptions options, int timeoutSeconds) {
    String query =
        query(options, true)
            + "&watch=true&allowWatchBookmarks=true&timeoutSeconds="
            + timeoutSeconds;
    // The body stays open for the watch's whole life, so only the head is bounded in time.
    HttpRequest request =
        builder(resource.path(options.namespace()) + query, accept(resource))
            .timeout(REQUEST_TIMEOUT)
            .GET()
            .build();
    HttpResponse<InputStream> response = send(request);
    return new HttpWatch<>(response.body(), resource.type());
  }

  @Override
  public JsonNode raw(String path) {
    return call("GET", path, null, null, JsonNode.class);
  }

  private static String accept(Resource<?> resource) {
    return resource.type() == PartialObject.class ? METADATA : JSON;
  }

  private <T> T call(
      String method,
      String path,
      @Nullable String contentType,
      @Nullable Object body,
      Class<T> type) {
    return call(method, path, JSON, contentType, body, type);
  }

  private <T> T call(
      String method,
      String path,
      String accept,
      @Nullable String contentType,
      @Nullable Object body,
      Class<T> type) {
    HttpRequest.Builder request = builder(path, accept).timeout(REQUEST_TIMEOUT);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.method(method, HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
      request.header("Content-Type", contentType == null ? JSON : contentType);
    }
    calls.acquireUninterruptibly();
    try (InputStream in = send(request.build()).body()) {
      return Json.mapper().readValue(in, type);
    } catch (IOException | JacksonException e) {
      throw unreachable(e);
    } finally {
      calls.release();
    }
  }

  /** Sends and turns every answer that is no success into the server's own failure. */
  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      observer.accept(request.method(), response.statusCode());
      if (response.statusCode() >= 300) {
        try (InputStream in = response.body()) {
          throw failure(in.readAllBytes(), response.statusCode()).asException();
        }
      }
      return response;
    } catch (IOException e) {
      observer.accept(request.method(), 0);
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("interrupted while talking to the API server").asException();
    }
  }

  private static Failure failure(byte[] body, int code) {
    try {
      return Failure.ofStatus(Json.parse(body), code);
    } catch (JacksonException e) {
      return Failure.ofStatus(Json.object().put("message", new String(body, UTF_8)), code);
    }
  }

  private RuntimeException unreachable(Exception e) {
    String detail = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return Failure.unavailable(
            "the API server at " + config.server() + " did not answer: " + detail)
        .asException();
  }

  private HttpRequest.Builder builder(String path, String accept) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(config.server() + path))
            .header("Accept", accept)
            .header("User-Agent", userAgent);
    String token = config.token().get();
    if (!token.isEmpty()) {
      builder.header("Authorization", "Bearer " + token);
    }
    return builder;
  }

  private static String sub(Resource<?> resource, ObjectKey key, String subresource) {
    return resource.path(key) + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  private static String query(ListOptions options, boolean withRevision) {
    StringBuilder query = new StringBuilder("?");
    add(query, "labelSelector", options.labelSelector());
    add(query, "fieldSelector", options.fieldSelector());
    add(query, "resourceVersion", withRevision ? options.resourceVersion() : "");
    return query.toString();
  }

  private static void add(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append(query.length() > 1 ? "&" : "").append(name).append('=').append(encode(value));
    }
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, UTF_8);
  }
}
