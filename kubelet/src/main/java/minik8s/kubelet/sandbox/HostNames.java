package minik8s.kubelet.sandbox;

import minik8s.api.Pod;
import minik8s.kubelet.source.SourceFailure;

/**
 * What a pod is called inside. Pure. Source: Kubernetes' {@code GeneratePodHostNameAndDomain} and
 * {@code PodNameToUseForHostname}.
 */
public final class HostNames {
  private static final int MAX_LABEL = 63;

  /** The kernel's limit. */
  private static final int MAX_NAME = 64;

  private HostNames() {}

  /** The pod's own name in one label. */
  public static String of(Pod pod) {
    if (!pod.spec().hostnameOverride().isEmpty()) {
      return pod.spec().hostnameOverride();
    }
    String name = pod.spec().hostname().isEmpty() ? pod.metadata().name() : pod.spec().hostname();
    if (name.length() <= MAX_LABEL) {
      return name;
    }
    String cut = name.substring(0, MAX_LABEL);
    while (cut.endsWith("-") || cut.endsWith(".")) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut;
  }

  /** The domain under which a pod with a subdomain is known; empty without one. */
  public static String domain(Pod pod, String clusterDomain) {
    String sub = pod.spec().subdomain();
    return sub.isEmpty() || !pod.spec().hostnameOverride().isEmpty()
        ? ""
        : sub + "." + pod.metadata().namespace() + ".svc." + clusterDomain;
  }

  /**
   * What the kernel calls the pod.
   *
   * @throws SourceFailure when that is too long for the kernel
   */
  public static String kernel(Pod pod, String clusterDomain) {
    String name = of(pod);
    String domain = domain(pod, clusterDomain);
    if (!pod.spec().setHostnameAsFQDN() || domain.isEmpty()) {
      return name;
    }
    String full = name + "." + domain;
    if (full.length() > MAX_NAME) {
      throw new SourceFailure(
          "failed to construct FQDN from pod hostname and cluster domain, FQDN "
              + full
              + " is too long ("
              + MAX_NAME
              + " characters is the max, "
              + full.length()
              + " characters requested)");
    }
    return full;
  }
}
