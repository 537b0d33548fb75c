package minik8s.kubelet.server;

import java.util.List;
import java.util.stream.Stream;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.kubelet.runtime.ContainerStreams;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * {@code /portForward/NAMESPACE/POD} in its three dialects: SPDY, SPDY in a WebSocket, and channels
 * of a WebSocket. Thread-safe.
 */
final class PortRoutes {
  private static final String SPDY = "portforward.k8s.io";
  private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";
  private static final String BINARY = "v4.channel.k8s.io";
  private static final String BASE64 = "v4.base64.channel.k8s.io";

  private final Containers containers;
  private final ContainerStreams streams;

  PortRoutes(Containers containers, ContainerStreams streams) {
    this.containers = containers;
    this.streams = streams;
  }

  void forward(
      String[] path,
      Request request,
      Response response,
      Callback callback,
      ServerWebSocketContainer sockets)
      throws Exception {
    PodPorts ports = containers.ports(new ObjectKey(path[1], path[2]), streams);
    if (SpdyUpgrade.asked(request)) {
      String version = SpdyUpgrade.version(request, SPDY);
      if (version.isEmpty()) {
        throw Failure.badRequest("unable to upgrade: no protocol in common, try " + SPDY)
            .asException();
      }
      PortForwards forwards = new PortForwards(ports);
      SpdyUpgrade.begin(request, response, callback, version, forwards::opened, forwards);
      return;
    }
    List<Integer> numbers = numbers(Request.extractQueryParameters(request));
    boolean upgraded =
        sockets.upgrade(
            (asked, answer, _) -> {
              String protocol = choose(asked.getSubProtocols());
              if (protocol.isEmpty() || (!protocol.equals(TUNNEL) && numbers.isEmpty())) {
                return null;
              }
              answer.setAcceptedSubProtocol(protocol);
              if (protocol.equals(TUNNEL)) {
                PortForwards forwards = new PortForwards(ports);
                return new SpdySocket(forwards::opened, forwards);
              }
              return new PortSocket(ports, numbers, protocol.equals(BASE64));
            },
            request,
            response,
            callback);
    if (!upgraded) {
      throw Failure.badRequest(
              "port-forward needs an upgrade to SPDY/3.1, or a WebSocket with "
                  + TUNNEL
                  + ", or with "
                  + BINARY
                  + " and ports in the query")
          .asException();
    }
  }

  private static String choose(List<String> offered) {
    return Stream.of(TUNNEL, BINARY, BASE64).filter(offered::contains).findFirst().orElse("");
  }

  /** Repeated or separated by commas. */
  private static List<Integer> numbers(Fields query) {
    return query.getValuesOrEmpty("ports").stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .filter(value -> !value.isBlank())
        .map(PortRoutes::number)
        .toList();
  }

  private static int number(String text) {
    if (!text.matches("\\d{1,5}")
        || Integer.parseInt(text) == 0
        || Integer.parseInt(text) > 65535) {
      throw Failure.badRequest("invalid port \"" + text + "\"").asException();
    }
    return Integer.parseInt(text);
  }
}
