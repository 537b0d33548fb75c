package minik8s.kubelet.server;

import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minik8s.api.Container;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.client.informer.Lister;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.runtime.ContainerStreams.Frames;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.RuntimePicture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * Logs, exec, attach and port-forward. Thread-safe; each request runs on a virtual thread of its
 * own.
 */
public final class ContainerRoutes {
  private final Containers containers;
  private final ContainerStreams streams;
  private final InstantSource clock;

  public ContainerRoutes(
      Lister<Pod> pods, RuntimePicture picture, ContainerStreams streams, InstantSource clock) {
    this.containers = new Containers(pods, picture);
    this.streams = streams;
    this.clock = clock;
  }

  /** {@code /containerLogs/NAMESPACE/POD/CONTAINER}. */
  void logs(String[] path, Request request, Response response, Callback callback)
      throws IOException {
    Fields query = Request.extractQueryParameters(request);
    LogOptions options = LogOptions.of(query::getValue, clock.instant());
    ObservedContainer container =
        containers.find(new ObjectKey(path[1], path[2]), path[3], options.previous());
    OutputStream out = Content.Sink.asOutputStream(response);
    try (Frames frames =
        streams.logs(
            container.id(),
            options.follow(),
            options.tail(),
            options.since(),
            options.timestamps())) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
      // The head goes out at once, so that a follower of a silent container knows it is connected.
      out.flush();
      copy(frames, out, options.limitBytes() == null ? Long.MAX_VALUE : options.limitBytes());
      out.close();
      callback.succeeded();
    } catch (IOException e) {
      // The client left, or the container's log is gone: nothing more can be said on this stream.
      callback.failed(e);
    }
  }

  private static void copy(Frames frames, OutputStream out, long limit) throws IOException {
    long left = limit;
    for (Frame frame = frames.next(); frame != null && left > 0; frame = frames.next()) {
      int count = (int) Math.min(left, frame.bytes().length);
      out.write(frame.bytes(), 0, count);
      out.flush();
      left -= count;
    }
  }

  /**
   * {@code /exec/NAMESPACE/POD/CONTAINER} and {@code /attach/…}, with the uid tolerated between.
   */
  void stream(
      String[] path,
      Request request,
      Response response,
      Callback callback,
      ServerWebSocketContainer sockets)
      throws Exception {
    Fields query = Request.extractQueryParameters(request);
    ObjectKey key = new ObjectKey(path[1], path[2]);
    String name = path[path.length - 1];
    ObservedContainer container = containers.find(key, name, false);
    if (!container.running()) {
      throw Failure.badRequest("container " + name + " of pod " + key.name() + " is not running")
          .asException();
    }
    boolean stdin = flag(query, "stdin", "input");
    boolean stdout = flag(query, "stdout", "output");
    boolean stderr = flag(query, "stderr", "error");
    boolean tty = flag(query, "tty", "tty");
    ExecSocket.Opener opener =
        path[0].equals("exec")
            ? exec(container, query, stdin, tty)
            : attach(container, key, name, stdin, stdout, stderr);
    if (SpdyUpgrade.asked(request)) {
      Set<String> expected = new HashSet<>(Set.of("error"));
      add(expected, "stdin", stdin);
      add(expected, "stdout", stdout);
      add(expected, "stderr", stderr && !tty);
      add(expected, "resize", tty);
      spdy(request, response, callback, opener, expected);
      return;
    }
    boolean upgraded =
        sockets.upgrade(
            (asked, answer, _) -> {
              List<String> offered = asked.getSubProtocols();
              Channels channels = offered.isEmpty() ? Channels.PLAIN : Channels.choose(offered);
              if (channels == null) {
                return null;
              }
              if (!offered.isEmpty()) {
                answer.setAcceptedSubProtocol(channels.protocol());
              }
              return new ExecSocket(channels, opener, stdout, stderr && !tty);
            },
            request,
            response,
            callback);
    if (!upgraded) {
      KubeletHandler.text(
          response,
          callback,
          400,
          "exec and attach need a WebSocket upgrade with v5.channel.k8s.io or"
              + " v4.channel.k8s.io\n");
    }
  }

  private static void add(Set<String> streams, String type, boolean wanted) {
    if (wanted) {
      streams.add(type);
    }
  }

  private static void spdy(
      Request request,
      Response response,
      Callback callback,
      ExecSocket.Opener opener,
      Set<String> expected) {
    String version = SpdyUpgrade.version(request, SpdyExec.VERSION);
    if (version.isEmpty()) {
      throw Failure.badRequest("unable to upgrade: no protocol in common, try " + SpdyExec.VERSION)
          .asException();
    }
    SpdyExec exec = new SpdyExec(opener, expected);
    SpdyUpgrade.begin(request, response, callback, version, exec::opened, exec);
  }

  /** {@code /portForward/NAMESPACE/POD}, with the uid tolerated after. */
  void forward(
      String[] path,
      Request request,
      Response response,
      Callback callback,
      ServerWebSocketContainer sockets)
      throws Exception {
    new PortRoutes(containers, streams).forward(path, request, response, callback, sockets);
  }

  private ExecSocket.Opener exec(
      ObservedContainer container, Fields query, boolean stdin, boolean tty) {
    List<String> command = query.getValuesOrEmpty("command");
    if (command.isEmpty()) {
      throw Failure.badRequest("you must specify at least one command for the container")
          .asException();
    }
    return () -> streams.exec(container.id(), command, stdin, tty);
  }

  private ExecSocket.Opener attach(
      ObservedContainer container,
      ObjectKey key,
      String name,
      boolean stdin,
      boolean stdout,
      boolean stderr) {
    Container spec = containers.spec(key, name);
    boolean tty = spec != null && spec.tty();
    boolean input = stdin && spec != null && spec.stdin();
    return () -> streams.attach(container.id(), input, stdout, stderr, tty);
  }

  /** Kubernetes' API says {@code stdin}; its kubelet says {@code input}. Both are understood. */
  private static boolean flag(Fields query, String name, String other) {
    return LogOptions.flag(query::getValue, name) || LogOptions.flag(query::getValue, other);
  }
}
