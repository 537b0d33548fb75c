package minik8s.controller.volume;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import minik8s.api.Pod;
import minik8s.api.Volume;
import minik8s.client.informer.Index;

/** Which pods use which claims. Stateless. */
public final class ClaimUse {
  private ClaimUse() {}

  /** Files pods under {@code namespace/claim}. */
  public static Index<Pod> byClaim() {
    return new Index<>("claim", ClaimUse::claims);
  }

  /** The claims of a pod as {@code namespace/name}. */
  static List<String> claims(Pod pod) {
    return pod.spec().volumes().stream()
        .map(Volume::persistentVolumeClaim)
        .filter(source -> source != null)
        .map(source -> pod.metadata().namespace() + "/" + source.claimName())
        .distinct()
        .toList();
  }

  /** Whether one of these pods still needs its claim. */
  static boolean inUse(Collection<Pod> users) {
    return users.stream().anyMatch(pod -> !pod.finished());
  }

  /** A pod that waits for a node; empty when none does. */
  static String waiting(Collection<Pod> users) {
    Optional<Pod> first = users.stream().filter(pod -> !pod.bound() && !pod.finished()).findFirst();
    return first.map(pod -> pod.metadata().name()).orElse("");
  }
}
