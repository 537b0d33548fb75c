package minik8s.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import minik8s.client.Ciphers;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's HTTPS endpoint: {@code /healthz}, {@code /livez} and {@code /readyz} for everybody,
 * {@code /metrics} for those whom the API server lets get that path. Thread-safe.
 */
public final class HealthServer implements AutoCloseable {
  private final HttpsServer server;
  private final Delegation delegation;
  private final Map<String, BooleanSupplier> readiness = new ConcurrentHashMap<>();

  private HealthServer(HttpsServer server, Metrics metrics, Delegation delegation) {
    this.server = server;
    this.delegation = delegation;
    server.createContext("/healthz", exchange -> answer(exchange, 200, "ok"));
    server.createContext("/livez", exchange -> answer(exchange, 200, "ok"));
    server.createContext("/readyz", this::ready);
    page("/metrics", Exposition.CONTENT_TYPE, metrics::scrape);
  }

  /**
   * Listens.
   *
   * @throws IllegalArgumentException naming the address when it can't be bound
   */
  public static HealthServer open(
      String address, int port, SSLContext tls, Metrics metrics, Delegation delegation) {
    try {
      HttpsServer server = HttpsServer.create(new InetSocketAddress(address, port), 64);
      server.setHttpsConfigurator(
          new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters ssl = Ciphers.parameters(getSSLContext());
              ssl.setWantClientAuth(true);
              parameters.setSSLParameters(ssl);
            }
          });
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      HealthServer result = new HealthServer(server, metrics, delegation);
      server.start();
      return result;
    } catch (BindException e) {
      throw new IllegalArgumentException(
          "cannot listen on "
              + address
              + ":"
              + port
              + ": "
              + e.getMessage()
              + "; stop what holds the port or choose another with --secure-port",
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot listen on " + address + ":" + port + ": " + e.getMessage(), e);
    }
  }

  /** Adds a page, shown to those who may get its path; it is made when asked for. */
  public void page(String path, String contentType, Supplier<String> text) {
    server.createContext(path, exchange -> page(exchange, path, contentType, text));
  }

  /** Adds a condition for {@code /readyz}. */
  public void readyWhen(String name, BooleanSupplier condition) {
    readiness.put(name, condition);
  }

  private void ready(HttpExchange exchange) throws IOException {
    String missing =
        readiness.entrySet().stream()
            .filter(entry -> !entry.getValue().getAsBoolean())
            .map(entry -> "[-]" + entry.getKey() + " not ready\n")
            .sorted()
            .collect(Collectors.joining());
    answer(exchange, missing.isEmpty() ? 200 : 503, missing.isEmpty() ? "ok" : missing);
  }

  private void page(HttpExchange exchange, String path, String contentType, Supplier<String> text)
      throws IOException {
    Delegation.Verdict verdict =
        delegation.judge(
            certificate((HttpsExchange) exchange),
            exchange.getRequestHeaders().getFirst("Authorization"),
            new Delegation.Wanted.Path("get", path));
    switch (verdict) {
      case Delegation.Verdict.Allowed _ -> {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        answer(exchange, 200, text.get());
      }
      case Delegation.Verdict.Unknown _ -> answer(exchange, 401, "Unauthorized");
      case Delegation.Verdict.Refused refused -> answer(exchange, 403, refused.message());
    }
  }

  private static @Nullable X509Certificate certificate(HttpsExchange exchange) {
    try {
      return exchange.getSSLSession().getPeerCertificates()[0] instanceof X509Certificate leaf
          ? leaf
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(code, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
