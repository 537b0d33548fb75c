package minik8s.kubelet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import minik8s.kubelet.sandbox.DeviceLedger;
import minik8s.kubelet.sandbox.NodeSettings;
import minik8s.kubelet.sandbox.Resolver;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about what surrounds pods, under Kubernetes' names. A picocli mixin. */
final class PodFlags {
  private static final Path APP_ARMOR = Path.of("/sys/module/apparmor/parameters/enabled");

  @Option(
      names = "--resolv-conf",
      defaultValue = "/etc/resolv.conf",
      paramLabel = "FILE",
      description = "the resolver that pods inherit (default: ${DEFAULT-VALUE})")
  Path resolvConf = Path.of("/etc/resolv.conf");

  @Option(
      names = "--cluster-dns",
      split = ",",
      paramLabel = "IP",
      description = "servers of the cluster's names; without any, the node's resolver has to do")
  List<String> clusterDns = new ArrayList<>();

  @Option(
      names = "--cluster-domain",
      defaultValue = "cluster.local",
      paramLabel = "DOMAIN",
      description = "the cluster's domain (default: ${DEFAULT-VALUE})")
  String clusterDomain = "cluster.local";

  @Option(
      names = "--allowed-unsafe-sysctls",
      split = ",",
      paramLabel = "NAME",
      description = "kernel parameters that pods may set though they can harm the node")
  List<String> unsafeSysctls = new ArrayList<>();

  @Option(
      names = "--pod-manifest-path",
      paramLabel = "DIR",
      description = "folder of static pods, one manifest in each file")
  @Nullable Path manifests;

  @Option(
      names = "--extended-resources",
      split = ",",
      paramLabel = "NAME=AMOUNT",
      description = "what the node has besides CPU, memory and disk, such as nvidia.com/gpu=2")
  Map<String, String> extended = new LinkedHashMap<>();

  @Option(
      names = "--device-drivers",
      split = ",",
      paramLabel = "NAME=DRIVER",
      description =
          "which driver of the engine gives containers the devices of an extended resource, such as"
              + " nvidia.com/gpu=nvidia")
  Map<String, String> drivers = new LinkedHashMap<>();

  private Map<String, Integer> amounts() {
    Map<String, Integer> amounts = new LinkedHashMap<>();
    for (String resource : drivers.keySet()) {
      String amount = extended.getOrDefault(resource, "");
      if (!amount.matches("\\d{1,4}")) {
        throw new IllegalArgumentException(
            "--device-drivers: --extended-resources does not say how many "
                + resource
                + " there are");
      }
      amounts.put(resource, Integer.parseInt(amount));
    }
    return amounts;
  }

  NodeSettings settings(Path root, Supplier<Set<String>> pressures) {
    return new NodeSettings(
        root,
        resolvConf,
        new Resolver.Cluster(clusterDns, clusterDomain),
        unsafeSysctls,
        appArmor(),
        drivers,
        new DeviceLedger(root.resolve("devices"), amounts()),
        pressures);
  }

  private static boolean appArmor() {
    try {
      return Files.isReadable(APP_ARMOR) && Files.readString(APP_ARMOR).startsWith("Y");
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
