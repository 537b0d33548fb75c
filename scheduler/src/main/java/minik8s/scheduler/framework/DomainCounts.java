package minik8s.scheduler.framework;

/**
 * How much of something is in each domain of one topology key. Confined to one decision; its size
 * grows with the number of domains, and it is made once per decision and not per node.
 */
public final class DomainCounts {
  private final Domains domains;
  private final long[] counts;

  /** All zero. */
  public DomainCounts(Domains domains) {
    this.domains = domains;
    this.counts = new long[domains.bound()];
  }

  /** Adds each node's count, times a weight, to the node's domain. */
  public void add(Tally tally, long weight) {
    tally.forEach((slot, pods) -> addAt(domains.at(slot), weight * pods));
  }

  /** Adds to the domain of one node, if it has one. */
  public void add(NodeView node, long by) {
    addAt(domains.of(node), by);
  }

  private void addAt(int domain, long by) {
    if (domain != Domains.NONE) {
      counts[domain] += by;
    }
  }

  /** Whether the node has the label at all. */
  public boolean covers(NodeView node) {
    return domains.of(node) != Domains.NONE;
  }

  /** The count in the node's domain; 0 when it is in none. */
  public long at(NodeView node) {
    int domain = domains.of(node);
    return domain == Domains.NONE ? 0 : counts[domain];
  }

  /** Whether there is nothing anywhere. */
  public boolean isZero() {
    for (long count : counts) {
      if (count != 0) {
        return false;
      }
    }
    return true;
  }
}
