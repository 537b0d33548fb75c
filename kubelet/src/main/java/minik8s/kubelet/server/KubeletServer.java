package minik8s.kubelet.server;

import java.io.IOException;
import java.net.BindException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import minik8s.api.Pod;
import minik8s.client.Ciphers;
import minik8s.daemon.Metrics;
import minik8s.kubelet.metrics.NodeMetrics;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's HTTPS endpoint: {@code /healthz} for everybody, the rest for those whom the API server
 * lets. Thread-safe.
 */
public final class KubeletServer implements AutoCloseable {
  private static final int MAX_MESSAGE = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(KubeletServer.class);

  private final Server server;

  private KubeletServer(Server server) {
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param pods the pods of the node, for {@code /pods}
   * @throws IllegalArgumentException naming the address when it can't be bound
   */
  public static KubeletServer open(
      String address,
      int port,
      SSLContext tls,
      Metrics metrics,
      NodeMetrics usage,
      Access access,
      ContainerRoutes containers,
      Supplier<Collection<Pod>> pods) {
    Server server = new Server(threads());
    server.addConnector(connector(server, address, port, tls));
    ServerWebSocketContainer sockets = ServerWebSocketContainer.ensure(server);
    sockets.setMaxBinaryMessageSize(MAX_MESSAGE);
    sockets.setMaxTextMessageSize(MAX_MESSAGE);
    sockets.setIdleTimeout(java.time.Duration.ofHours(4));
    server.setHandler(new KubeletHandler(metrics, usage, access, containers, sockets, pods));
    try {
      server.start();
    } catch (IOException e) {
      stop(server);
      String why =
          e.getCause() instanceof BindException ? e.getCause().getMessage() : e.getMessage();
      throw new IllegalArgumentException(
          "cannot listen on "
              + address
              + ":"
              + port
              + ": "
              + why
              + "; stop what holds the port or choose another with --port",
          e);
    } catch (Exception e) {
      stop(server);
      throw new IllegalStateException("the HTTPS server did not start", e);
    }
    return new KubeletServer(server);
  }

  /** Few platform threads for the selector; requests run on virtual ones. */
  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(16, 2);
    threads.setReservedThreads(0);
    VirtualThreadPool virtual = new VirtualThreadPool();
    virtual.setMaxConcurrentTasks(-1);
    threads.setVirtualThreadsExecutor(virtual);
    threads.setDaemon(true);
    return threads;
  }

  private static Connector connector(Server server, String address, int port, SSLContext tls) {
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setSslContext(tls);
    ssl.setIncludeCipherSuites(Ciphers.lightFirst(tls));
    ssl.setWantClientAuth(true);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            server,
            1,
            1,
            new SslConnectionFactory(ssl, HttpVersion.HTTP_1_1.asString()),
            new HttpConnectionFactory(http));
    connector.setHost(address);
    connector.setPort(port);
    connector.setIdleTimeout(java.time.Duration.ofHours(4).toMillis());
    return connector;
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.debug("stopping the HTTPS server failed", e);
    }
  }

  /** The port that is listened on. */
  public int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  /** The client's certificate, which the CA signed; null without one. */
  static @Nullable X509Certificate certificate(org.eclipse.jetty.server.Request request) {
    Object data = request.getAttribute(org.eclipse.jetty.io.EndPoint.SslSessionData.ATTRIBUTE);
    if (data instanceof org.eclipse.jetty.io.EndPoint.SslSessionData session) {
      X509Certificate[] chain = session.peerCertificates();
      return chain == null || chain.length == 0 ? null : chain[0];
    }
    return null;
  }

  @Override
  public void close() {
    stop(server);
  }
}
