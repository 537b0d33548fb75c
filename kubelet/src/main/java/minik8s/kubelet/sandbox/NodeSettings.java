package minik8s.kubelet.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How this node treats pods, as its flags say. Immutable but for the pressures, which are asked for
 * anew.
 *
 * @param root the kubelet's folder
 * @param resolvConf the node's resolver; empty path for none
 * @param unsafeSysctls that pods may set nevertheless
 * @param drivers by extended resource: the engine's driver that hands its devices out
 * @param devices who has which of them
 * @param pressures that the node is under now
 */
public record NodeSettings(
    Path root,
    Path resolvConf,
    Resolver.Cluster cluster,
    List<String> unsafeSysctls,
    boolean appArmor,
    Map<String, String> drivers,
    DeviceLedger devices,
    Supplier<Set<String>> pressures) {

  /** A node without anything special. */
  public static NodeSettings plain(Path root) {
    return new NodeSettings(
        root,
        Path.of("/etc/resolv.conf"),
        new Resolver.Cluster(List.of(), "cluster.local"),
        List.of(),
        false,
        Map.of(),
        new DeviceLedger(root.resolve("devices"), Map.of()),
        Set::of);
  }

  /** What admission looks at. */
  public Admission.Facts facts() {
    return new Admission.Facts(unsafeSysctls, appArmor, pressures.get());
  }
}
