package minik8s.apiserver.store.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds jetcd clients with the settings that keep a dead etcd from hanging its callers. Stateless.
 */
public final class EtcdClients {
  private EtcdClients() {}

  /**
   * The PEM files of mutual TLS. Immutable.
   *
   * @param ca whom to believe
   * @param certificate who we are
   * @param key the PKCS#8 key of the certificate
   */
  public record Tls(Path ca, Path certificate, Path key) {}

  /**
   * A client that connects on first use.
   *
   * @param tls null for plain HTTP
   * @throws IOException when a PEM file cannot be read or understood
   */
  public static Client connect(List<String> endpoints, @Nullable Tls tls) throws IOException {
    ClientBuilder builder =
        Client.builder()
            .endpoints(endpoints.toArray(String[]::new))
            .waitForReady(false)
            .retryMaxAttempts(1)
            .connectTimeout(Duration.ofSeconds(3))
            .keepaliveTime(Duration.ofSeconds(20))
            .keepaliveTimeout(Duration.ofSeconds(5))
            .maxInboundMessageSize(64 << 20);
    if (tls != null) {
      try {
        builder.sslContext(ssl ->
            ssl.trustManager(tls.ca().toFile())
                .keyManager(tls.certificate().toFile(), tls.key().toFile()));
      } catch (IllegalArgumentException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return builder.build();
  }
}
