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
   */
  record Rejected(List<String> reasons) implements Verdict {
    public Rejected {
      reasons = List.copyOf(reasons);
    }
  }

  /** A rejection for one reason. Filters make theirs once and hand it out again. */
  static Verdict rejected(String reason) {
    return new Rejected(List.of(reason));
  }
}
