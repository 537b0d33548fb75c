package minik8s.apiserver.rest;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.proxy.KubeletProxy;
import minik8s.apiserver.registry.ObjectReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the kubelet and its path for requests about running containers.
 *
 * <p>Thread-safe. Source of the refusals: the pod REST's {@code LogLocation} and {@code
 * streamLocation}, and the kubelet's own.
 */
final class KubeletRoutes implements NodeProxy {
  private static final int KUBELET_PORT = 10250;
  private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

  private final KindTable kinds;
  private final ObjectReader reader;
  private final @Nullable KubeletProxy proxy;

  KubeletRoutes(KindTable kinds, ObjectReader reader, @Nullable KubeletProxy proxy) {
    this.kinds = kinds;
    this.reader = reader;
    this.proxy = proxy;
  }

  @Override
  public void serve(Exchange exchange, Kind kind) throws IOException {
    RequestInfo info = exchange.info();
    if (kind.kind().equals("Node")) {
      String rest = "/" + String.join("/", info.rest());
      pass(
          exchange, place(node(info.name())), withQuery(rest, exchange.request().getQueryString()));
      return;
    }
    if (!kind.kind().equals("Pod") || info.subresource().equals("proxy")) {
      throw Failure.unavailable("proxying to " + kind.plural() + " is not served").asException();
    }
    JsonNode pod = reader.get(kind, info.namespace(), info.name(), null).tree();
    String node = pod.path("spec").path("nodeName").asString("");
    String container =
        info.subresource().equals("portforward") ? "" : container(pod, exchange.query());
    if (node.isEmpty()) {
      throw Failure.badRequest("pod " + info.name() + " does not have a host assigned")
          .asException();
    }
    if (info.subresource().equals("log")) {
      requireStarted(pod, container);
    }
    pass(exchange, place(node(node)), path(exchange, container));
  }

  private static String path(Exchange exchange, String container) {
    RequestInfo info = exchange.info();
    String pod = "/" + info.namespace() + "/" + info.name();
    String query = exchange.request().getQueryString();
    return switch (info.subresource()) {
      case "log" -> withQuery("/containerLogs" + pod + "/" + container, query);
      case "exec" -> withQuery("/exec" + pod + "/" + container, streams(exchange.query(), query));
      case "attach" ->
          withQuery("/attach" + pod + "/" + container, streams(exchange.query(), query));
      default -> withQuery("/portForward" + pod, query);
    };
  }

  private static String withQuery(String path, @Nullable String query) {
    return query == null || query.isEmpty() ? path : path + "?" + query;
  }

  /**
   * A kubelet calls the streams input, output and error; ours and Kubernetes' names are both sent.
   */
  private static String streams(Query query, @Nullable String raw) {
    StringBuilder all = new StringBuilder(raw == null ? "" : raw);
    add(all, query, "stdin", "input");
    add(all, query, "stdout", "output");
    add(all, query, "stderr", "error");
    return all.toString();
  }

  private static void add(StringBuilder all, Query query, String ours, String theirs) {
    if (query.flag(ours)) {
      all.append(all.isEmpty() ? "" : "&")
          .append(URLEncoder.encode(theirs, StandardCharsets.UTF_8))
          .append("=1");
    }
  }

  private void pass(Exchange exchange, KubeletProxy.Place place, String path) throws IOException {
    KubeletProxy to = proxy;
    if (to == null) {
      throw Failure.unavailable(
              "kubelets are not reached: --kubelet-certificate-authority, --kubelet-client-certificate and --kubelet-client-key are missing")
          .asException();
    }
    boolean upgrade = exchange.request().getHeader("Upgrade") != null;
    byte[] body = upgrade ? new byte[0] : Body.read(exchange.request());
    to.relay(exchange.request(), exchange.response(), place, path, body);
  }

  private JsonNode node(String name) {
    Kind nodes = kinds.find("", "v1", "nodes").orElseThrow();
    return reader.get(nodes, "", name, null).tree();
  }

  /** Where the node's kubelet listens; throws ServiceUnavailable when the node does not say. */
  static KubeletProxy.Place place(JsonNode node) {
    String name = node.path("metadata").path("name").asString("");
    String host = "";
    for (JsonNode address : node.path("status").path("addresses")) {
      boolean internal = address.path("type").asString("").equals("InternalIP");
      if (internal || host.isEmpty()) {
        host = address.path("address").asString("");
      }
      if (internal) {
        break;
      }
    }
    if (host.isEmpty()) {
      throw Failure.unavailable("node " + name + " has no address").asException();
    }
    int port =
        node.path("status")
            .path("daemonEndpoints")
            .path("kubeletEndpoint")
            .path("Port")
            .asInt(KUBELET_PORT);
    return new KubeletProxy.Place(name, host, port);
  }

  /** The container that is meant, when the request names one, or the pod leaves no doubt. */
  private static String container(JsonNode pod, Query query) {
    String name = pod.path("metadata").path("name").asString("");
    List<String> main = names(pod, "containers");
    List<String> init = names(pod, "initContainers");
    String wanted = query.text("container");
    if (wanted.isEmpty()) {
      wanted =
          main.size() == 1
              ? main.getFirst()
              : pod.path("metadata").path("annotations").path(DEFAULT_CONTAINER).asString("");
    }
    if (wanted.isEmpty()) {
      String text =
          "a container name must be specified for pod " + name + ", choose one of: " + list(main);
      if (!init.isEmpty()) {
        text += " or one of the init containers: " + list(init);
      }
      throw Failure.badRequest(text).asException();
    }
    boolean known =
        main.contains(wanted)
            || init.contains(wanted)
            || names(pod, "ephemeralContainers").contains(wanted);
    if (!known) {
      throw Failure.badRequest("container " + wanted + " is not valid for pod " + name)
          .asException();
    }
    return wanted;
  }

  private static List<String> names(JsonNode pod, String field) {
    List<String> names = new ArrayList<>();
    pod.path("spec").path(field).forEach(each -> names.add(each.path("name").asString("")));
    return names;
  }

  private static String list(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }

  /** Throws BadRequest for a container that has never run. */
  private static void requireStarted(JsonNode pod, String container) {
    String reason = "ContainerCreating";
    for (String field :
        List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
      for (JsonNode status : pod.path("status").path(field)) {
        if (status.path("name").asString("").equals(container)) {
          boolean ran =
              !status.path("state").has("waiting") || status.path("lastState").has("terminated");
          if (ran) {
            return;
          }
          reason = status.path("state").path("waiting").path("reason").asString(reason);
        }
      }
    }
    if (reason.equals("ErrImagePull") || reason.equals("ImagePullBackOff")) {
      reason = "trying and failing to pull image";
    }
    throw Failure.badRequest(
            "container \"%s\" in pod \"%s\" is waiting to start: %s"
                .formatted(container, pod.path("metadata").path("name").asString(""), reason))
        .asException();
  }
}
