package minik8s.kubelet.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.SecurityContext;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.source.SourceFailure;

/**
 * The files that the kubelet puts into every container, {@code /etc/hosts} and {@code
 * /etc/resolv.conf}, and those that it reads for one. Thread-safe as long as each pod has one
 * caller at a time.
 */
public final class PodFiles {
  private static final Path NODE_HOSTS = Path.of("/etc/hosts");

  private final NodeSettings settings;

  public PodFiles(NodeSettings settings) {
    this.settings = settings;
  }

  /**
   * Brings the pod's files up to date, in place, for running containers have them mounted.
   *
   * @param folder the pod's own
   * @param podIp empty while unknown
   * @return where they belong; a place that the container uses itself is left to it
   */
  public List<Mount> mounts(Pod pod, Container container, Path folder, String podIp)
      throws IOException {
    String domain = settings.cluster().domain();
    String hosts =
        pod.spec().hostNetwork()
            ? HostsFile.ofNode(pod, text(NODE_HOSTS))
            : HostsFile.own(pod, podIp, domain);
    Resolver node = Resolver.parse(text(settings.resolvConf()));
    String resolver = Resolver.of(pod, node, settings.cluster()).text();
    List<Mount> mounts = new ArrayList<>();
    add(mounts, container, folder.resolve("etc-hosts"), "/etc/hosts", hosts);
    add(mounts, container, folder.resolve("resolv.conf"), "/etc/resolv.conf", resolver);
    return mounts;
  }

  private static void add(
      List<Mount> mounts, Container container, Path file, String place, String text)
      throws IOException {
    if (container.volumeMounts().stream().anyMatch(m -> m.mountPath().equals(place))) {
      return;
    }
    if (!text(file).equals(text) || !Files.exists(file)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    SecurityContext context = container.securityContext();
    boolean readOnly = context != null && Boolean.TRUE.equals(context.readOnlyRootFilesystem());
    mounts.add(new Mount(file.toString(), place, readOnly));
  }

  private static String text(Path file) throws IOException {
    return Files.isRegularFile(file) ? Files.readString(file) : "";
  }

  /**
   * A seccomp profile below the kubelet's {@code seccomp} folder.
   *
   * @throws SourceFailure when there is none
   */
  public String seccompProfile(String name) {
    Path folder = settings.root().resolve("seccomp");
    Path file = folder.resolve(name).normalize();
    try {
      if (!file.startsWith(folder)) {
        throw new SourceFailure("seccomp profile \"" + name + "\" leaves " + folder);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new SourceFailure("cannot load seccomp profile \"" + file + "\": not found");
    }
  }
}
