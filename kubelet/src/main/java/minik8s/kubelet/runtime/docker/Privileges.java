package minik8s.kubelet.runtime.docker;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.RuntimeFailure;
import minik8s.kubelet.runtime.RuntimeFailure.Reason;

/**
 * A container's privileges in Docker's shape. Stateless but for what this machine can give, which
 * is found out once.
 *
 * <p>Where the engine itself lacks a capability (in a virtual machine of some kinds, or in a
 * container) it refuses a privileged container altogether. Such a container then gets all that
 * there is, piece by piece.
 */
final class Privileges {
  private static final Path SELF = Path.of("/proc/self/status");
  private static final int SYS_RESOURCE = 24;

  /** In the kernel's order, which is the order of bits. */
  private static final List<Capability> BY_BIT =
      List.of(
          Capability.CHOWN,
          Capability.DAC_OVERRIDE,
          Capability.DAC_READ_SEARCH,
          Capability.FOWNER,
          Capability.FSETID,
          Capability.KILL,
          Capability.SETGID,
          Capability.SETUID,
          Capability.SETPCAP,
          Capability.LINUX_IMMUTABLE,
          Capability.NET_BIND_SERVICE,
          Capability.NET_BROADCAST,
          Capability.NET_ADMIN,
          Capability.NET_RAW,
          Capability.IPC_LOCK,
          Capability.IPC_OWNER,
          Capability.SYS_MODULE,
          Capability.SYS_RAWIO,
          Capability.SYS_CHROOT,
          Capability.SYS_PTRACE,
          Capability.SYS_PACCT,
          Capability.SYS_ADMIN,
          Capability.SYS_BOOT,
          Capability.SYS_NICE,
          Capability.SYS_RESOURCE,
          Capability.SYS_TIME,
          Capability.SYS_TTY_CONFIG,
          Capability.MKNOD,
          Capability.LEASE,
          Capability.AUDIT_WRITE,
          Capability.AUDIT_CONTROL,
          Capability.SETFCAP,
          Capability.MAC_OVERRIDE,
          Capability.MAC_ADMIN,
          Capability.SYSLOG,
          Capability.WAKE_ALARM,
          Capability.BLOCK_SUSPEND,
          Capability.AUDIT_READ);

  private static final long GIVEN = bounding();

  private Privileges() {}

  /** The capabilities that a child of this process can have, as bits. */
  private static long bounding() {
    try (Stream<String> lines = Files.lines(SELF)) {
      return lines
          .filter(line -> line.startsWith("CapBnd:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .findFirst()
          .orElse(-1L);
    } catch (IOException e) {
      return -1L;
    }
  }

  /** Whether processes may be spared by the kernel's search for memory. */
  static boolean lowersOomScores() {
    return (GIVEN & (1L << SYS_RESOURCE)) != 0;
  }

  private static boolean complete() {
    long all = (1L << BY_BIT.size()) - 1;
    return (GIVEN & all) == all;
  }

  /** Docker's settings, which docker-java does not know all of. */
  private static final class Unmasked extends HostConfig {
    private static final long serialVersionUID = 1;

    @JsonProperty("MaskedPaths")
    List<String> maskedPaths() {
      return List.of();
    }

    @JsonProperty("ReadonlyPaths")
    List<String> readonlyPaths() {
      return List.of();
    }
  }

  /** Settings to begin with: all of {@code /proc} is visible where that was asked for. */
  static HostConfig settings(Security security) {
    return security.unmaskedProc() || (security.privileged() && !complete())
        ? new Unmasked()
        : HostConfig.newHostConfig();
  }

  static void apply(HostConfig host, Security security) {
    List<String> options = new ArrayList<>();
    Set<Capability> added = capabilities(security.capAdd());
    if (security.privileged() && complete()) {
      host.withPrivileged(true);
    } else if (security.privileged()) {
      added.addAll(all());
      options.add("seccomp=unconfined");
      options.add("label=disable");
      host.withDevices(devices()).withDeviceCgroupRules(List.of("a *:* rwm"));
    }
    if (security.readOnlyRoot()) {
      host.withReadonlyRootfs(true);
    }
    if (!added.isEmpty()) {
      host.withCapAdd(added.toArray(Capability[]::new));
    }
    if (!security.capDrop().isEmpty()) {
      host.withCapDrop(named(security.capDrop()).toArray(Capability[]::new));
    }
    if (!security.groups().isEmpty()) {
      host.withGroupAdd(security.groups());
    }
    options(security, options);
    if (!options.isEmpty()) {
      host.withSecurityOpts(options);
    }
  }

  private static void options(Security security, List<String> options) {
    if (security.noNewPrivileges()) {
      options.add("no-new-privileges");
    }
    if (security.seccomp() != null && !security.privileged()) {
      options.add("seccomp=" + security.seccomp());
    }
    if (security.appArmor() != null) {
      options.add("apparmor=" + security.appArmor());
    }
    security.labels().forEach(label -> options.add("label=" + label));
  }

  /** {@code ALL} means all that the engine has: asking for one more makes it refuse. */
  private static Set<Capability> capabilities(List<String> names) {
    return names.contains("ALL") && !complete() ? all() : named(names);
  }

  private static Set<Capability> named(List<String> names) {
    Set<Capability> named = new LinkedHashSet<>();
    for (String name : names) {
      try {
        named.add(Capability.valueOf(name));
      } catch (IllegalArgumentException e) {
        throw new RuntimeFailure(Reason.REFUSED, "unknown capability \"CAP_" + name + "\"", e);
      }
    }
    return named;
  }

  private static Set<Capability> all() {
    Set<Capability> all = new LinkedHashSet<>();
    for (int bit = 0; bit < BY_BIT.size(); bit++) {
      if ((GIVEN & (1L << bit)) != 0) {
        all.add(BY_BIT.get(bit));
      }
    }
    return all;
  }

  /** The devices of the node, as a privileged container sees them. */
  private static List<Device> devices() {
    try (Stream<Path> files = Files.list(Path.of("/dev"))) {
      return files
          .filter(path -> !Files.isSymbolicLink(path) && isDevice(path))
          .map(path -> new Device("rwm", path.toString(), path.toString()))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean isDevice(Path path) {
    try {
      int type = (int) Files.getAttribute(path, "unix:mode") & 0170000;
      return type == 0060000 || type == 0020000;
    } catch (IOException e) {
      return false;
    }
  }
}
