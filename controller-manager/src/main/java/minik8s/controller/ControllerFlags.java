package minik8s.controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The controller-manager's own flags, under Kubernetes' names. Filled once by the parser. */
final class ControllerFlags {
  @Option(
      names = "--controllers",
      split = ",",
      defaultValue = "*",
      paramLabel = "NAME",
      description = "controllers to run: names, * for all, -name for all but this")
  List<String> controllers = List.of("*");

  @Option(
      names = "--root-ca-file",
      paramLabel = "FILE",
      description = "CA bundle that every namespace gets as ConfigMap kube-root-ca.crt")
  @Nullable Path rootCa;

  @Option(
      names = "--service-account-private-key-file",
      paramLabel = "FILE",
      description = "accepted; tokens are signed by the API server")
  @Nullable Path serviceAccountKey;

  @Option(
      names = "--node-monitor-period",
      defaultValue = "5s",
      converter = GoDuration.class,
      description = "accepted; node health is judged when a heartbeat is due, not by period")
  Duration nodeMonitorPeriod = Duration.ofSeconds(5);

  @Option(
      names = "--node-monitor-grace-period",
      defaultValue = "40s",
      converter = GoDuration.class,
      description = "silence after which a node is unknown (default: ${DEFAULT-VALUE})")
  Duration nodeMonitorGracePeriod = Duration.ofSeconds(40);

  @Option(
      names = "--node-eviction-rate",
      defaultValue = "0.1",
      description = "nodes per second whose pods may be evicted (default: ${DEFAULT-VALUE})")
  double nodeEvictionRate = 0.1;

  @Option(
      names = "--terminated-pod-gc-threshold",
      defaultValue = "12500",
      description = "ended pods kept before the oldest are deleted (default: ${DEFAULT-VALUE})")
  int terminatedPodThreshold = 12500;

  @Option(
      names = "--horizontal-pod-autoscaler-sync-period",
      defaultValue = "15s",
      converter = GoDuration.class,
      description = "time between two looks at an autoscaler (default: ${DEFAULT-VALUE})")
  Duration autoscalerPeriod = Duration.ofSeconds(15);

  @Option(
      names = "--local-path-dir",
      defaultValue = "/var/lib/minik8s/local-path",
      paramLabel = "DIR",
      description = "where nodes keep volumes that are made on demand (default: ${DEFAULT-VALUE})")
  Path localPathDir = Path.of("/var/lib/minik8s/local-path");

  @Option(names = "--concurrent-deployment-syncs", defaultValue = "5")
  int deploymentSyncs = 5;

  @Option(names = "--concurrent-replicaset-syncs", defaultValue = "5")
  int replicaSetSyncs = 5;

  @Option(names = "--concurrent-daemonset-syncs", defaultValue = "2")
  int daemonSetSyncs = 2;

  @Option(names = "--concurrent-statefulset-syncs", defaultValue = "5")
  int statefulSetSyncs = 5;

  @Option(names = "--concurrent-job-syncs", defaultValue = "5")
  int jobSyncs = 5;

  @Option(names = "--concurrent-cron-job-syncs", defaultValue = "5")
  int cronJobSyncs = 5;

  @Option(names = "--concurrent-ttl-after-finished-syncs", defaultValue = "5")
  int ttlSyncs = 5;

  @Option(names = "--concurrent-rc-syncs", defaultValue = "5")
  int controllerSyncs = 5;

  @Option(names = "--concurrent-gc-syncs", defaultValue = "20")
  int garbageSyncs = 20;

  @Option(names = "--concurrent-namespace-syncs", defaultValue = "10")
  int namespaceSyncs = 10;

  @Option(names = "--concurrent-service-endpoint-syncs", defaultValue = "5")
  int endpointSyncs = 5;

  /**
   * The text of the root CA file; empty when none is named.
   *
   * @throws IllegalArgumentException when it can't be read
   */
  String rootCaBundle() {
    Path file = rootCa;
    if (file == null) {
      return "";
    }
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("--root-ca-file " + file + " does not exist", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read --root-ca-file " + file + ": " + e.getMessage(), e);
    }
  }
}
