package minik8s.daemon;

import java.util.concurrent.CountDownLatch;
import minik8s.control.LeaderElection;
import minik8s.control.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a leader election going and ends the process when a held lease is lost: whoever started it
 * starts it again as a candidate, and nothing half-done is left acting. Thread-safe.
 */
public final class Leader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leader.class);

  private final LeaderElection election;
  private final Timers timers;
  private final CountDownLatch leads = new CountDownLatch(1);
  private volatile boolean closed;

  public Leader(LeaderElection election, Timers timers) {
    this.election = election;
    this.timers = timers;
  }

  /** Starts campaigning; {@link #await} returns once this process leads. */
  public Leader start() {
    Thread.ofVirtual().name("leader").start(this::step);
    return this;
  }

  private void step() {
    if (closed) {
      return;
    }
    boolean led = leads.getCount() == 0;
    boolean leading = election.step();
    if (leading) {
      leads.countDown();
    } else if (led) {
      LOG.error("leadership lost, ending");
      Runtime.getRuntime().halt(1);
    }
    timers.after(LeaderElection.RETRY, () -> Thread.ofVirtual().name("leader").start(this::step));
  }

  /** Whether this process leads. */
  public boolean leading() {
    return leads.getCount() == 0;
  }

  /** Waits until this process leads. */
  public void await() throws InterruptedException {
    leads.await();
  }

  @Override
  public void close() {
    closed = true;
    election.release();
  }
}
