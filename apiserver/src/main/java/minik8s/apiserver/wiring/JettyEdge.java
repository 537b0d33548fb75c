package minik8s.apiserver.wiring;

import java.nio.file.Path;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import minik8s.client.Pem;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;

/**
 * Jetty as the API server needs it: TLS with optional client certificates, a virtual thread per
 * request, thousands of held watches. Stateless.
 */
final class JettyEdge {
  private static final int BACKLOG = 4096;

  /** Longer than the gap between two bookmarks, so that a quiet watch is no idle connection. */
  private static final long IDLE_MILLIS = 150_000;

  /** Source: kubelet's {@code --streaming-connection-idle-timeout}. */
  private static final long HELD_MILLIS = 4 * 3_600_000L;

  private JettyEdge() {}

  static JettyServletWebServerFactory factory(Settings settings) {
    SSLContext tls = tls(settings);
    JettyServletWebServerFactory factory = new JettyServletWebServerFactory(settings.port());
    QueuedThreadPool threads = new QueuedThreadPool(32, 4);
    threads.setName("jetty");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    factory.setThreadPool(threads);
    factory.addServerCustomizers(server -> listen(server, settings, tls));
    return factory;
  }

  private static SSLContext tls(Settings settings) {
    Path ca = settings.clientCa();
    byte @Nullable [] trusted = ca == null ? null : pem(ca, "--client-ca-file");
    byte[] certificate = pem(settings.certificate(), "--tls-cert-file");
    byte[] key = pem(settings.key(), "--tls-private-key-file");
    try {
      return Pem.context(trusted, certificate, key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the files of --tls-cert-file, --tls-private-key-file and --client-ca-file cannot be used: "
              + e.getMessage(),
          e);
    }
  }

  private static byte[] pem(Path path, String flag) {
    try {
      return Pem.file(path);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(flag + ": " + e.getMessage(), e);
    }
  }

  /**
   * A held request may be silent for long: a watch ends by its own timeout, an upgraded connection
   * by its ends.
   */
  private static Request patient(Request request, HttpFields.Mutable headers) {
    String query = request.getHttpURI().getQuery();
    boolean held =
        request.getHeaders().contains(HttpHeader.UPGRADE)
            || (query != null && (query.contains("watch=") || query.contains("follow=")));
    if (held) {
      request.getConnectionMetaData().getConnection().getEndPoint().setIdleTimeout(HELD_MILLIS);
    }
    return request;
  }

  private static void listen(Server server, Settings settings, SSLContext tls) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setOutputBufferSize(16 * 1024);
    http.setOutputAggregationSize(8 * 1024);
    http.setRequestHeaderSize(32 * 1024);
    http.setUriCompliance(UriCompliance.LEGACY);
    http.addCustomizer(new SecureRequestCustomizer(false));
    http.addCustomizer(JettyEdge::patient);
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setSslContext(tls);
    ssl.setWantClientAuth(true);
    // What is cheap differs between clients; each says so by its order.
    ssl.setUseCipherSuitesOrder(false);
    ServerConnector connector =
        new ServerConnector(
            server,
            1,
            2,
            new SslConnectionFactory(ssl, "http/1.1"),
            new HttpConnectionFactory(http));
    connector.setHost(settings.bindAddress());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(IDLE_MILLIS);
    server.setConnectors(new ServerConnector[] {connector});
    server.setErrorHandler(new StatusErrors());
  }
}
