package minik8s.kubelet.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import minik8s.api.Pod;
import minik8s.api.SecurityContext;

/**
 * Kernel parameters of a pod's own namespaces. Pure. Source: Kubernetes' {@code sysctl} package.
 */
public final class Sysctls {
  private static final Set<String> SAFE =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.tcp_wmem");
  private static final List<String> OF_IPC =
      List.of("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.");

  private Sysctls() {}

  /** By name, with dots between the parts. */
  public static Map<String, String> of(Pod pod) {
    Map<String, String> values = new LinkedHashMap<>();
    SecurityContext.OfPod context = pod.spec().securityContext();
    if (context != null) {
      context.sysctls().forEach(s -> values.put(dotted(s.name()), s.value()));
    }
    return values;
  }

  /** {@code net/ipv4/x} and {@code net.ipv4.x} are the same. */
  private static String dotted(String name) {
    int first = name.replace('/', '.').indexOf('.');
    return first >= 0 && name.charAt(first) == '/' ? name.replace('/', '.') : name;
  }

  /**
   * Why the node does not allow the pod's parameters.
   *
   * @param unsafe names that the node's owner allows; a trailing {@code *} stands for anything
   */
  static Optional<String> refusal(Pod pod, List<String> unsafe) {
    for (String name : of(pod).keySet()) {
      boolean ofNet = name.startsWith("net.");
      boolean ofIpc = OF_IPC.stream().anyMatch(name::startsWith);
      boolean named = ofNet || ofIpc;
      if (named && ofNet && pod.spec().hostNetwork()) {
        return Optional.of("forbidden sysctl: \"" + name + "\" not allowed with host net enabled");
      }
      if (named && ofIpc && pod.spec().hostIPC()) {
        return Optional.of("forbidden sysctl: \"" + name + "\" not allowed with host ipc enabled");
      }
      if (!named || (!SAFE.contains(name) && unsafe.stream().noneMatch(p -> fits(p, name)))) {
        return Optional.of("forbidden sysctl: \"" + name + "\" not allowlisted");
      }
    }
    return Optional.empty();
  }

  private static boolean fits(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }
}
