package minik8s.scheduler.framework;

import java.util.Map;

/**
 * The pods on nodes that a selector cannot tell apart: same namespace, same labels. What counts
 * pods counts crowds, so that its cost follows the number of pods that match and not of all pods.
 * Confined to the scheduling loop.
 */
public final class Crowd {
  private final Name name;
  private final Tally perNode = new Tally();

  /**
   * What makes a crowd.
   *
   * @param leaving whether the pods are being deleted, which spreading ignores
   */
  record Name(String namespace, Map<String, String> labels, boolean leaving) {
    static Name of(PodView pod) {
      return new Name(
          pod.namespace(), pod.pod().metadata().labels(), pod.pod().metadata().deleting());
    }
  }

  Crowd(Name name) {
    this.name = name;
  }

  public String namespace() {
    return name.namespace();
  }

  public Map<String, String> labels() {
    return name.labels();
  }

  /** Whether its pods are being deleted. */
  public boolean leaving() {
    return name.leaving();
  }

  /** Where they are. */
  public Tally perNode() {
    return perNode;
  }
}
