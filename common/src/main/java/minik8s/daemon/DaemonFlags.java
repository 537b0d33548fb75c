package minik8s.daemon;

import java.nio.file.Path;
import java.time.InstantSource;
import minik8s.client.HttpApi;
import minik8s.client.KubeConfig;
import minik8s.client.Pem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags that every daemon but the API server has, under Kubernetes' names. A picocli mixin;
 * filled once by the parser, read afterwards.
 */
public final class DaemonFlags {
  @Option(
      names = "--kubeconfig",
      required = true,
      paramLabel = "FILE",
      description = "where the API server is and who we are")
  @SuppressWarnings("NullAway.Init")
  private Path kubeconfig;

  @Option(
      names = "--secure-port",
      paramLabel = "PORT",
      description = "HTTPS port for health and metrics")
  private int securePort;

  @Option(
      names = "--bind-address",
      defaultValue = "127.0.0.1",
      description = "address to listen on (default: ${DEFAULT-VALUE})")
  private String bindAddress = "127.0.0.1";

  @Option(names = "--tls-cert-file", paramLabel = "FILE", description = "certificate to present")
  private @Nullable Path certificate;

  @Option(names = "--tls-private-key-file", paramLabel = "FILE", description = "its key")
  private @Nullable Path key;

  @Option(
      names = "--client-ca-file",
      paramLabel = "FILE",
      description = "CA whose certificates tell who a client is")
  private @Nullable Path clientCa;

  @Option(
      names = "--leader-elect",
      defaultValue = "true",
      fallbackValue = "true",
      arity = "0..1",
      description = "act only while holding the lease (default: ${DEFAULT-VALUE})")
  private boolean leaderElect = true;

  /**
   * The parsed kubeconfig.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public KubeConfig kubeConfig() {
    return KubeConfig.read(kubeconfig);
  }

  public boolean leaderElect() {
    return leaderElect;
  }

  /** The port for health and metrics, once the endpoint is open held by this process alone. */
  public int securePort(int defaultPort) {
    return securePort == 0 ? defaultPort : securePort;
  }

  /**
   * Opens the health and metrics endpoint.
   *
   * @param defaultPort the daemon's usual port, used when the flag is absent
   * @throws IllegalArgumentException when files are missing or the port is taken
   */
  public HealthServer healthServer(int defaultPort, Metrics metrics) {
    if (certificate == null || key == null || clientCa == null) {
      throw new IllegalArgumentException(
          "--tls-cert-file, --tls-private-key-file and --client-ca-file are needed to serve health"
              + " and metrics over HTTPS");
    }
    return HealthServer.open(
        bindAddress,
        securePort(defaultPort),
        Pem.context(Pem.file(clientCa), Pem.file(certificate), Pem.file(key)),
        metrics,
        Delegation.through(
            () -> new HttpApi(kubeConfig(), "minik8s-delegation", metrics::clientRequest),
            InstantSource.system()));
  }
}
