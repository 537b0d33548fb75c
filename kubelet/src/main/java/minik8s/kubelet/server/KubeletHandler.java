package minik8s.kubelet.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import minik8s.api.ApiException;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.daemon.Delegation;
import minik8s.daemon.Metrics;
import minik8s.kubelet.metrics.NodeMetrics;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The routes of the kubelet's server. Thread-safe. */
final class KubeletHandler extends Handler.Abstract {
  private final Metrics metrics;
  private final NodeMetrics usage;
  private final Access access;
  private final ContainerRoutes containers;
  private final ServerWebSocketContainer sockets;
  private final Supplier<java.util.Collection<Pod>> pods;

  KubeletHandler(
      Metrics metrics,
      NodeMetrics usage,
      Access access,
      ContainerRoutes containers,
      ServerWebSocketContainer sockets,
      Supplier<java.util.Collection<Pod>> pods) {
    this.metrics = metrics;
    this.usage = usage;
    this.access = access;
    this.containers = containers;
    this.sockets = sockets;
    this.pods = pods;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    switch (path) {
      case "/healthz", "/livez", "/readyz" -> text(response, callback, 200, "ok");
      default -> {
        switch (access.judge(request)) {
          case Delegation.Verdict.Allowed _ -> trusted(path, request, response, callback);
          case Delegation.Verdict.Unknown _ -> text(response, callback, 401, "Unauthorized\n");
          case Delegation.Verdict.Refused refused ->
              text(response, callback, 403, refused.message() + "\n");
        }
      }
    }
    return true;
  }

  private void trusted(String path, Request request, Response response, Callback callback)
      throws Exception {
    String[] parts = path.substring(1).split("/");
    try {
      if (path.equals("/metrics")) {
        exposition(response, callback, metrics.scrape());
      } else if (path.equals("/metrics/cadvisor")) {
        exposition(response, callback, usage.cadvisor());
      } else if (path.equals("/metrics/resource")) {
        exposition(response, callback, usage.resource());
      } else if (path.equals("/stats/summary")) {
        json(response, callback, usage.summary());
      } else if (path.equals("/pods")) {
        json(response, callback, podList());
      } else if (parts.length == 4 && parts[0].equals("containerLogs")) {
        containers.logs(parts, request, response, callback);
      } else if (parts.length >= 4 && (parts[0].equals("exec") || parts[0].equals("attach"))) {
        containers.stream(parts, request, response, callback, sockets);
      } else if (parts.length >= 3 && parts[0].equals("portForward")) {
        containers.forward(parts, request, response, callback, sockets);
      } else {
        text(response, callback, 404, "404 page not found\n");
      }
    } catch (ApiException e) {
      text(response, callback, e.failure().code(), e.getMessage() + "\n");
    } catch (IllegalArgumentException e) {
      text(response, callback, 400, e.getMessage() + "\n");
    }
  }

  private ObjectNode podList() {
    ObjectNode list = Json.object().put("kind", "PodList").put("apiVersion", "v1");
    list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    pods.get().forEach(pod -> items.add(Json.tree(pod)));
    return list;
  }

  private static void json(Response response, Callback callback, ObjectNode body) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(Json.bytes(body)), callback);
  }

  private static void exposition(Response response, Callback callback, String page) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, NodeMetrics.CONTENT_TYPE);
    response.write(true, ByteBuffer.wrap(page.getBytes(UTF_8)), callback);
  }

  static void text(Response response, Callback callback, int code, String text) {
    response.setStatus(code);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.write(true, ByteBuffer.wrap(text.getBytes(UTF_8)), callback);
  }
}
