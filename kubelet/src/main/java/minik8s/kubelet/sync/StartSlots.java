package minik8s.kubelet.sync;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many pods are started at once: beyond a few, the engine only gets slower. Thread-safe.
 *
 * <ol>
 *   <li>No more slots are held than there are.
 *   <li>First starts are served in the order of asking, and so are restarts.
 *   <li>First starts go before restarts: a herd of crashing pods does not keep a new one waiting.
 *   <li>Restarts fill no more than half of the slots, so that a first start finds a free one.
 *   <li>A restart that waits is passed by no more than {@link #PATIENCE} first starts.
 * </ol>
 */
public final class StartSlots {
  static final int PATIENCE = 8;

  private final int atOnce;
  private final int forRestarts;
  private final Queue<CompletableFuture<Void>> firsts = new ArrayDeque<>();
  private final Queue<CompletableFuture<Void>> restarts = new ArrayDeque<>();
  private int held;
  private int passed;

  public StartSlots(int atOnce) {
    this.atOnce = atOnce;
    this.forRestarts = (atOnce + 1) / 2;
  }

  /**
   * Waits for a slot.
   *
   * @param again whether what is to be started has run before
   */
  void acquire(boolean again) throws InterruptedException {
    CompletableFuture<Void> turn = ask(again);
    try {
      turn.get();
    } catch (InterruptedException e) {
      withdraw(turn);
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn cannot fail", e);
    }
  }

  /** What is done as soon as the slot is held. */
  synchronized CompletableFuture<Void> ask(boolean again) {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    (again ? restarts : firsts).add(turn);
    grant();
    return turn;
  }

  synchronized void release() {
    held--;
    grant();
  }

  /** Its place in the queue goes by when its turn comes. */
  private synchronized void withdraw(CompletableFuture<Void> turn) {
    if (!turn.cancel(false)) {
      release();
    }
  }

  private void grant() {
    for (var queue = next(); queue != null; queue = next()) {
      if (queue.remove().complete(null)) {
        held++;
      }
    }
  }

  /** The queue whose head may go now. */
  private @Nullable Queue<CompletableFuture<Void>> next() {
    if (held >= atOnce) {
      return null;
    }
    boolean restartIsDue = !restarts.isEmpty() && passed >= PATIENCE;
    if (!firsts.isEmpty() && !restartIsDue) {
      passed = restarts.isEmpty() ? 0 : passed + 1;
      return firsts;
    }
    if (restartIsDue || (!restarts.isEmpty() && held < forRestarts)) {
      passed = 0;
      return restarts;
    }
    return null;
  }
}
