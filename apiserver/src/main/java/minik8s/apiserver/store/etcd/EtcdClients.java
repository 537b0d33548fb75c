package minik8s.apiserver.store.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds the ways to etcd, with the settings that keep a dead one from hanging its callers: jetcd's
 * client for watches, a bare channel for the key-value calls. Stateless.
 */
public final class EtcdClients {
  private static final Duration KEEPALIVE = Duration.ofSeconds(20);
  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private EtcdClients() {}

  /**
   * The PEM files of mutual TLS. Immutable.
   *
   * @param ca whom to believe
   * @param certificate who we are
   * @param key the PKCS#8 key of the certificate
   */
  public record Tls(Path ca, Path certificate, Path key) {
    private SslContext context() throws IOException {
      try {
        return GrpcSslContexts.forClient()
            .trustManager(ca.toFile())
            .keyManager(certificate.toFile(), key.toFile())
            .build();
      } catch (IllegalArgumentException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

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
            .keepaliveTime(KEEPALIVE)
            .keepaliveTimeout(KEEPALIVE_TIMEOUT)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES);
    if (tls != null) {
      builder.sslContext(tls.context());
    }
    return builder.build();
  }

  /**
   * A channel that connects on first use, to one member at a time.
   *
   * @param endpoints URLs of the members
   * @param tls null for plain HTTP
   * @throws IOException when a PEM file cannot be read or understood
   */
  static ManagedChannel channel(List<String> endpoints, @Nullable Tls tls) throws IOException {
    String members =
        endpoints.stream().map(e -> URI.create(e).getAuthority()).collect(Collectors.joining(","));
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget("ip:///" + members)
            .directExecutor()
            .defaultLoadBalancingPolicy("pick_first")
            .keepAliveTime(KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES);
    if (tls == null) {
      builder.usePlaintext();
    } else {
      builder.sslContext(tls.context());
    }
    return builder.build();
  }
}
