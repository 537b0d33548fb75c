package minik8s.apiserver;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import minik8s.apiserver.store.etcd.EtcdClients;
import minik8s.apiserver.wiring.RunningServer;
import minik8s.apiserver.wiring.Settings;
import minik8s.daemon.Daemon;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The API server's command line, with kube-apiserver's own flag names. */
@Command(
    name = "apiserver",
    mixinStandardHelpOptions = true,
    description = "Serves the Kubernetes API over objects in etcd.")
public final class ApiServer implements Callable<Integer> {
  @Option(names = "--etcd-servers", split = ",", defaultValue = "https://127.0.0.1:2379")
  private List<String> etcdServers = List.of();

  @Option(names = "--etcd-cafile", paramLabel = "FILE")
  private @Nullable Path etcdCa;

  @Option(names = "--etcd-certfile", paramLabel = "FILE")
  private @Nullable Path etcdCertificate;

  @Option(names = "--etcd-keyfile", paramLabel = "FILE")
  private @Nullable Path etcdKey;

  @Option(names = "--etcd-prefix", defaultValue = "/registry")
  private String etcdPrefix = "";

  @Option(names = "--bind-address", defaultValue = "0.0.0.0")
  private String bindAddress = "";

  @Option(names = "--advertise-address", description = "where pods reach this server")
  private @Nullable String advertiseAddress;

  @Option(names = "--secure-port", defaultValue = "6443")
  private int port;

  @Option(names = "--tls-cert-file", required = true, paramLabel = "FILE")
  @SuppressWarnings("NullAway.Init")
  private Path certificate;

  @Option(names = "--tls-private-key-file", required = true, paramLabel = "FILE")
  @SuppressWarnings("NullAway.Init")
  private Path key;

  @Option(names = "--client-ca-file", paramLabel = "FILE")
  private @Nullable Path clientCa;

  @Option(names = "--service-account-key-file", paramLabel = "FILE")
  private List<Path> serviceAccountKeys = List.of();

  @Option(names = "--service-account-signing-key-file", paramLabel = "FILE")
  private @Nullable Path serviceAccountSigningKey;

  @Option(
      names = "--service-account-issuer",
      defaultValue = "https://kubernetes.default.svc",
      paramLabel = "URL")
  private String issuer = "";

  @Option(names = "--token-auth-file", paramLabel = "FILE")
  private @Nullable Path tokenFile;

  @Option(names = "--kubelet-certificate-authority", paramLabel = "FILE")
  private @Nullable Path kubeletCa;

  @Option(names = "--kubelet-client-certificate", paramLabel = "FILE")
  private @Nullable Path kubeletCertificate;

  @Option(names = "--kubelet-client-key", paramLabel = "FILE")
  private @Nullable Path kubeletKey;

  @Option(names = "--service-cluster-ip-range", defaultValue = "10.96.0.0/16", paramLabel = "CIDR")
  private String serviceRange = "";

  /** Starts the server of these flags and serves until SIGTERM. */
  public static void main(String... args) {
    Daemon.main(new ApiServer(), args);
  }

  @Override
  public Integer call() throws Exception {
    Daemon.awaitStop(RunningServer.start(settings()));
    return 0;
  }

  private Settings settings() throws Exception {
    return new Settings(
        etcdServers,
        etcdTls(),
        etcdPrefix,
        bindAddress,
        advertised(),
        port,
        certificate,
        key,
        clientCa,
        serviceAccountKeys,
        serviceAccountSigningKey,
        issuer,
        tokenFile,
        kubelet(),
        serviceRange);
  }

  private String advertised() throws Exception {
    String address = advertiseAddress;
    if (address != null) {
      return address;
    }
    return bindAddress.equals("0.0.0.0")
        ? InetAddress.getLocalHost().getHostAddress()
        : bindAddress;
  }

  private EtcdClients.@Nullable Tls etcdTls() {
    Path ca = etcdCa;
    Path own = etcdCertificate;
    Path ownKey = etcdKey;
    if (ca == null && own == null && ownKey == null) {
      return null;
    }
    if (ca == null || own == null || ownKey == null) {
      throw new IllegalArgumentException(
          "--etcd-cafile, --etcd-certfile and --etcd-keyfile go together");
    }
    return new EtcdClients.Tls(ca, own, ownKey);
  }

  private Settings.@Nullable KubeletTls kubelet() {
    Path ca = kubeletCa;
    Path own = kubeletCertificate;
    Path ownKey = kubeletKey;
    return ca == null || own == null || ownKey == null
        ? null
        : new Settings.KubeletTls(ca, own, ownKey);
  }
}
