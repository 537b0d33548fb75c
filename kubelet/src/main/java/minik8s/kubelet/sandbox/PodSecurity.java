package minik8s.kubelet.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.SecurityContext;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.source.SourceFailure;
import org.jspecify.annotations.Nullable;

/**
 * A container's privileges: its own security context over its pod's, over what the image says.
 * Pure, but for the profiles that it is given a reader of. Source: Kubernetes' {@code
 * determineEffectiveSecurityContext} and {@code verifyRunAsNonRoot}.
 */
public final class PodSecurity {
  private static final SecurityContext.OfPod NO_POD_CONTEXT =
      new SecurityContext.OfPod(
          null, null, null, null, "", List.of(), "", List.of(), null, null, null);
  private static final SecurityContext NO_CONTEXT =
      new SecurityContext(null, null, null, null, null, null, "", null, null, null, null);

  private final Pod pod;
  private final Container container;
  private final SecurityContext.OfPod shared;
  private final SecurityContext own;

  private PodSecurity(Pod pod, Container container) {
    SecurityContext.OfPod ofPod = pod.spec().securityContext();
    SecurityContext ofContainer = container.securityContext();
    this.pod = pod;
    this.container = container;
    this.shared = ofPod == null ? NO_POD_CONTEXT : ofPod;
    this.own = ofContainer == null ? NO_CONTEXT : ofContainer;
  }

  /**
   * What the container may do.
   *
   * @param imageUser as which the image wants to run; empty for root
   * @param profiles gives the content of a seccomp profile of the node by its path
   * @throws SourceFailure when it must not run as root and would, or might
   */
  public static Security of(
      Pod pod, Container container, String imageUser, UnaryOperator<String> profiles) {
    return new PodSecurity(pod, container).security(imageUser, profiles);
  }

  /** The user id that the container's processes have; null when the image decides. */
  public static @Nullable Long user(Pod pod, Container container) {
    PodSecurity security = new PodSecurity(pod, container);
    return first(security.own.runAsUser(), security.shared.runAsUser());
  }

  private static <T> @Nullable T first(@Nullable T own, @Nullable T shared) {
    return own != null ? own : shared;
  }

  private Security security(String imageUser, UnaryOperator<String> profiles) {
    Long user = first(own.runAsUser(), shared.runAsUser());
    if (Boolean.TRUE.equals(first(own.runAsNonRoot(), shared.runAsNonRoot()))) {
      refuseRoot(user, imageUser);
    }
    SecurityContext.Capabilities capabilities = own.capabilities();
    return new Security(
        account(user, imageUser),
        Boolean.TRUE.equals(own.privileged()),
        Boolean.TRUE.equals(own.readOnlyRootFilesystem()),
        capabilities == null ? List.of() : names(capabilities.add()),
        capabilities == null ? List.of() : names(capabilities.drop()),
        groups(),
        Boolean.FALSE.equals(own.allowPrivilegeEscalation()),
        seccomp(first(own.seccompProfile(), shared.seccompProfile()), profiles),
        appArmor(first(own.appArmorProfile(), shared.appArmorProfile())),
        labels(first(own.seLinuxOptions(), shared.seLinuxOptions())),
        own.procMount().equals("Unmasked"));
  }

  private void refuseRoot(@Nullable Long user, String imageUser) {
    String where = " (pod: \"" + PodRef.of(pod) + "\", container: " + container.name() + ")";
    if (user != null) {
      if (user == 0) {
        throw new SourceFailure("container's runAsUser breaks non-root policy" + where);
      }
      return;
    }
    String name = imageUser.split(":", 2)[0];
    if (name.isEmpty() || name.equals("0")) {
      throw new SourceFailure("container has runAsNonRoot and image will run as root" + where);
    }
    if (!name.matches("\\d+")) {
      throw new SourceFailure(
          "container has runAsNonRoot and image has non-numeric user ("
              + name
              + "), cannot verify user is non-root"
              + where);
    }
  }

  /**
   * User and group as the engine takes them. With a group of its own the engine adds no groups that
   * the image gives the user, which is what the policy Strict asks for.
   */
  private String account(@Nullable Long user, String imageUser) {
    Long group = first(own.runAsGroup(), shared.runAsGroup());
    if (group == null && shared.supplementalGroupsPolicy().equals("Strict")) {
      group = imageUser.contains(":") ? null : 0L;
    }
    if (user == null && group == null) {
      return "";
    }
    String name = user != null ? user.toString() : imageUser.split(":", 2)[0];
    return group == null ? name : (name.isEmpty() ? "0" : name) + ":" + group;
  }

  private List<String> groups() {
    Set<String> groups = new LinkedHashSet<>();
    shared.supplementalGroups().forEach(group -> groups.add(group.toString()));
    if (shared.fsGroup() != null) {
      groups.add(shared.fsGroup().toString());
    }
    return List.copyOf(groups);
  }

  private static List<String> names(List<String> capabilities) {
    return capabilities.stream()
        .map(name -> name.toUpperCase(Locale.ROOT))
        .map(name -> name.startsWith("CAP_") ? name.substring(4) : name)
        .toList();
  }

  private static @Nullable String seccomp(
      SecurityContext.@Nullable Profile profile, UnaryOperator<String> profiles) {
    return switch (profile == null ? "" : profile.type()) {
      case "Unconfined" -> "unconfined";
      case "Localhost" -> profile == null ? null : profiles.apply(profile.localhostProfile());
      default -> null;
    };
  }

  private static @Nullable String appArmor(SecurityContext.@Nullable Profile profile) {
    return switch (profile == null ? "" : profile.type()) {
      case "Unconfined" -> "unconfined";
      case "Localhost" -> profile == null ? null : profile.localhostProfile();
      default -> null;
    };
  }

  private static List<String> labels(SecurityContext.@Nullable SeLinux label) {
    List<String> labels = new ArrayList<>();
    if (label != null) {
      part(labels, "user", label.user());
      part(labels, "role", label.role());
      part(labels, "type", label.type());
      part(labels, "level", label.level());
    }
    return labels;
  }

  private static void part(List<String> labels, String name, String value) {
    if (!value.isEmpty()) {
      labels.add(name + ":" + value);
    }
  }
}
