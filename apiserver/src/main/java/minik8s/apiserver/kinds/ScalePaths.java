package minik8s.apiserver.kinds;

/**
 * Where a kind keeps what its {@code /scale} subresource shows. Immutable.
 *
 * @param specReplicas dotted path of the wanted count, such as {@code spec.replicas}
 * @param statusReplicas dotted path of the observed count
 * @param selector dotted path of the pod selector, empty when there is none; a string is taken as
 *     it is, an object is read as a label selector
 */
public record ScalePaths(String specReplicas, String statusReplicas, String selector) {
  /** The paths of the built-in workload kinds. */
  public static final ScalePaths WORKLOAD =
      new ScalePaths("spec.replicas", "status.replicas", "spec.selector");
}
