package minik8s.kubelet;

import java.time.Duration;
import minik8s.control.Timers;
import minik8s.kubelet.node.NodeLease;
import minik8s.kubelet.node.NodeReporter;

/** Keeps the node's status and lease alive: one virtual thread per beat, never two of a kind. */
final class NodeLoop implements AutoCloseable {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration IMAGES = Duration.ofSeconds(2);

  private final NodeReporter reporter;
  private final NodeLease lease;
  private final Timers timers;
  private final Duration period;
  private volatile boolean closed;

  NodeLoop(NodeReporter reporter, NodeLease lease, Timers timers, Duration period) {
    this.reporter = reporter;
    this.lease = lease;
    this.timers = timers;
    this.period = period;
  }

  void start() {
    beat("node-status", this::report);
    beat("node-lease", this::renew);
  }

  private void beat(String name, Runnable step) {
    if (!closed) {
      Thread.ofVirtual().name(name).start(step);
    }
  }

  private void report() {
    synchronized (reporter) {
      reporter.step();
    }
    timers.after(reporter.registered() ? period : SOON, () -> beat("node-status", this::report));
  }

  private void renew() {
    boolean renewed = lease.step();
    timers.after(renewed ? LEASE : SOON, () -> beat("node-lease", this::renew));
  }

  /** The node's images came or went: the node says so soon. */
  void imagesChanged() {
    reporter.imagesChanged();
    reportAfter(IMAGES);
  }

  /** The node's condition has changed: it says so now. */
  void conditionsChanged() {
    reportAfter(Duration.ZERO);
  }

  private void reportAfter(Duration delay) {
    timers.after(
        delay,
        () ->
            beat(
                "node-images",
                () -> {
                  synchronized (reporter) {
                    reporter.step();
                  }
                }));
  }

  @Override
  public void close() {
    closed = true;
  }
}
