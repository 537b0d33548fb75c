package minik8s.kubelet.sandbox;

import minik8s.api.Pod;
import minik8s.api.PodSpec;

/**
 * A pod's {@code /etc/hosts}. Pure. Source: Kubernetes' {@code managedHostsFileContent} and {@code
 * nodeHostsFileContent}.
 */
public final class HostsFile {
  private static final String LOCAL =
      """
      # Kubernetes-managed hosts file.
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::0\tip6-localnet
      fe00::0\tip6-mcastprefix
      fe00::1\tip6-allnodes
      fe00::2\tip6-allrouters
      """;

  private HostsFile() {}

  /** For a pod with an address of its own; empty while that is unknown. */
  public static String own(Pod pod, String podIp, String clusterDomain) {
    StringBuilder text = new StringBuilder(LOCAL);
    String name = HostNames.of(pod);
    String domain = HostNames.domain(pod, clusterDomain);
    if (!podIp.isEmpty()) {
      text.append(podIp).append('\t');
      if (!domain.isEmpty()) {
        text.append(name).append('.').append(domain).append('\t');
      }
      text.append(name).append('\n');
    }
    return aliases(pod, text);
  }

  /** For a pod in the node's network: the node's own file and the pod's aliases. */
  public static String ofNode(Pod pod, String nodeHosts) {
    StringBuilder text = new StringBuilder("# Kubernetes-managed hosts file (host network).\n");
    text.append(nodeHosts);
    return aliases(pod, text);
  }

  private static String aliases(Pod pod, StringBuilder text) {
    if (!pod.spec().hostAliases().isEmpty()) {
      text.append("\n# Entries added by HostAliases.\n");
      for (PodSpec.HostAlias alias : pod.spec().hostAliases()) {
        text.append(alias.ip()).append('\t').append(String.join("\t", alias.hostnames()));
        text.append('\n');
      }
    }
    return text.toString();
  }
}
