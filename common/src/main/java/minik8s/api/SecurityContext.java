package minik8s.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container's processes may do; null leaves it to the pod's context, then to the image.
 * Immutable.
 */
public record SecurityContext(
    @Nullable Long runAsUser,
    @Nullable Long runAsGroup,
    @Nullable Boolean runAsNonRoot,
    @Nullable Boolean privileged,
    @Nullable Boolean allowPrivilegeEscalation,
    @Nullable Boolean readOnlyRootFilesystem,
    String procMount,
    @Nullable Capabilities capabilities,
    @Nullable Profile seccompProfile,
    @Nullable Profile appArmorProfile,
    @Nullable SeLinux seLinuxOptions) {
  public SecurityContext {
    procMount = Lists.of(procMount);
  }

  /** Capabilities given and taken, without the prefix {@code CAP_}. */
  public record Capabilities(List<String> add, List<String> drop) {
    public Capabilities {
      add = Lists.of(add);
      drop = Lists.of(drop);
    }
  }

  /**
   * A seccomp or AppArmor profile.
   *
   * @param type {@code RuntimeDefault}, {@code Unconfined} or {@code Localhost}
   * @param localhostProfile a file or a loaded profile of the node
   */
  public record Profile(String type, String localhostProfile) {
    public Profile {
      type = Lists.of(type);
      localhostProfile = Lists.of(localhostProfile);
    }
  }

  /** The four parts of an SELinux label. */
  public record SeLinux(String user, String role, String type, String level) {
    public SeLinux {
      user = Lists.of(user);
      role = Lists.of(role);
      type = Lists.of(type);
      level = Lists.of(level);
    }
  }

  /**
   * What all containers of a pod share.
   *
   * @param fsGroup owner of the pod's volumes
   * @param fsGroupChangePolicy {@code Always} or {@code OnRootMismatch}
   * @param supplementalGroupsPolicy {@code Merge} or {@code Strict}
   */
  public record OfPod(
      @Nullable Long runAsUser,
      @Nullable Long runAsGroup,
      @Nullable Boolean runAsNonRoot,
      @Nullable Long fsGroup,
      String fsGroupChangePolicy,
      List<Long> supplementalGroups,
      String supplementalGroupsPolicy,
      List<Sysctl> sysctls,
      @Nullable Profile seccompProfile,
      @Nullable Profile appArmorProfile,
      @Nullable SeLinux seLinuxOptions) {
    public OfPod {
      fsGroupChangePolicy = Lists.of(fsGroupChangePolicy);
      supplementalGroups = Lists.of(supplementalGroups);
      supplementalGroupsPolicy = Lists.of(supplementalGroupsPolicy);
      sysctls = Lists.of(sysctls);
    }
  }

  /** A kernel parameter of the pod's namespaces. */
  public record Sysctl(String name, String value) {
    public Sysctl {
      name = Lists.of(name);
      value = Lists.of(value);
    }
  }
}
