package minik8s.scheduler.framework;

import java.util.List;

/** What a filter says about a pod on a node. Immutable. */
public sealed interface Verdict {
  /** Nothing against it. */
  Verdict FITS = new Fits();

  /** The node will do, as far as this filter is concerned. */
  record Fits() implements Verdict {}

  /**
   * The node will not do.
   *
   * @param reasons in Kubernetes' words, such as {@code Insufficient cpu}; counted over all nodes
   * @param hopeless whether the node would not do either if all other pods left it
   */
  record Rejected(List<String> reasons, boolean hopeless) implements Verdict {
    public Rejected {
      reasons = List.copyOf(reasons);
    }
  }

  /** A rejection for one reason. Filters make theirs once and hand it out again. */
  static Rejected rejected(String reason) {
    return new Rejected(List.of(reason), false);
  }

  /** A rejection that no pod's leaving would change. */
  static Rejected hopeless(String reason) {
    return new Rejected(List.of(reason), true);
  }
}
