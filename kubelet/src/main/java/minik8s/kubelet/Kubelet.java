package minik8s.kubelet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import minik8s.api.Node;
import minik8s.daemon.Daemon;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The kubelet's flags and main. Filled once by the parser. */
@Command(
    name = "kubelet",
    mixinStandardHelpOptions = true,
    description = "Runs the pods bound to one node as Docker containers.")
public final class Kubelet implements Callable<Integer> {
  @Option(
      names = "--kubeconfig",
      required = true,
      paramLabel = "FILE",
      description = "where the API server is and who we are")
  @SuppressWarnings("NullAway.Init")
  Path kubeconfig;

  @Option(
      names = "--hostname-override",
      required = true,
      paramLabel = "NAME",
      description = "the node's name")
  @SuppressWarnings("NullAway.Init")
  String node;

  @Option(
      names = "--node-ip",
      defaultValue = "127.0.0.1",
      description = "the node's address (default: ${DEFAULT-VALUE})")
  String nodeIp = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "10250",
      description = "HTTPS port for logs, exec, health and metrics (default: ${DEFAULT-VALUE})")
  int port = 10250;

  @Option(
      names = "--address",
      defaultValue = "127.0.0.1",
      description = "address to listen on (default: ${DEFAULT-VALUE})")
  String address = "127.0.0.1";

  @Option(
      names = "--root-dir",
      defaultValue = "/var/lib/minik8s-kubelet",
      paramLabel = "DIR",
      description = "where volumes are kept (default: ${DEFAULT-VALUE})")
  Path root = Path.of("/var/lib/minik8s-kubelet");

  @Option(
      names = "--container-runtime-endpoint",
      defaultValue = "unix:///var/run/docker.sock",
      description = "the Docker Engine's socket (default: ${DEFAULT-VALUE})")
  String runtime = "unix:///var/run/docker.sock";

  @Option(
      names = "--pod-infra-container-image",
      defaultValue = "minik8s/pause:3.10",
      description = "image of the sandbox (default: ${DEFAULT-VALUE})")
  String sandboxImage = "minik8s/pause:3.10";

  @Option(
      names = "--cluster-id",
      defaultValue = "minik8s",
      description =
          "marks this cluster's containers on a shared engine (default: ${DEFAULT-VALUE})")
  String cluster = "minik8s";

  @Option(names = "--tls-cert-file", paramLabel = "FILE", description = "certificate to present")
  @Nullable Path certificate;

  @Option(names = "--tls-private-key-file", paramLabel = "FILE", description = "its key")
  @Nullable Path key;

  @Option(
      names = "--client-ca-file",
      paramLabel = "FILE",
      description = "CA whose clients may read logs, run commands and read metrics")
  @Nullable Path clientCa;

  @Option(
      names = "--node-labels",
      split = ",",
      paramLabel = "K=V",
      description = "labels of the node")
  Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--max-pods",
      defaultValue = "110",
      description = "how many pods fit (default: ${DEFAULT-VALUE})")
  int maxPods = 110;

  @Option(
      names = "--register-with-taints",
      split = ",",
      paramLabel = "K=V:EFFECT",
      description = "taints to register with")
  List<String> taints = new ArrayList<>();

  @Option(
      names = "--node-status-update-frequency",
      defaultValue = "10s",
      description = "how often the node's condition is computed (default: ${DEFAULT-VALUE})")
  String statusPeriod = "10s";

  @Option(
      names = "--max-parallel-starts",
      defaultValue = "0",
      description = "pods started at once; 0 means twice the number of CPUs, at least 3")
  int parallelStarts;

  @Mixin PodFlags pods = new PodFlags();
  @Mixin PressureFlags pressure = new PressureFlags();

  public static void main(String[] args) {
    Daemon.main(new Kubelet(), args);
  }

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(root);
    Daemon.awaitStop(KubeletDaemon.start(this));
    return 0;
  }

  int parallelStarts() {
    return parallelStarts > 0
        ? parallelStarts
        : Math.max(3, 2 * Runtime.getRuntime().availableProcessors());
  }

  Duration statusPeriod() {
    String number = statusPeriod.replaceAll("\\D", "");
    if (!statusPeriod.matches("\\d+(ms|s|m)")) {
      throw new IllegalArgumentException(
          "--node-status-update-frequency: \"" + statusPeriod + "\" is no duration such as 10s");
    }
    long amount = Long.parseLong(number);
    return statusPeriod.endsWith("ms")
        ? Duration.ofMillis(amount)
        : statusPeriod.endsWith("m") ? Duration.ofMinutes(amount) : Duration.ofSeconds(amount);
  }

  /** The taints as flags have them: {@code key=value:effect} or {@code key:effect}. */
  List<Node.Taint> taints() {
    return taints.stream().filter(t -> !t.isBlank()).map(Kubelet::taint).toList();
  }

  private static Node.Taint taint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "--register-with-taints: \"" + text + "\" is not of the form key=value:effect");
    }
    String head = text.substring(0, colon);
    int equals = head.indexOf('=');
    return new Node.Taint(
        equals < 0 ? head : head.substring(0, equals),
        equals < 0 ? "" : head.substring(equals + 1),
        text.substring(colon + 1),
        null);
  }
}
