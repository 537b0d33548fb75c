package minik8s.apiserver.watchcache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import minik8s.apiserver.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the store for its present revision, once for all who ask at the same time.
 *
 * <p>Thread-safe. Law: the answer was read after the caller asked; so a question that is already
 * under way serves nobody new, but all who arrive meanwhile share the next one.
 */
final class RevisionBarrier {
  private final LongSupplier store;
  private final ReentrantLock asking = new ReentrantLock(true);
  private @Nullable CompletableFuture<Long> waiting;

  RevisionBarrier(LongSupplier store) {
    this.store = store;
  }

  /** The store's revision, not older than this call. */
  long revision() {
    CompletableFuture<Long> answer;
    boolean leads = false;
    synchronized (this) {
      CompletableFuture<Long> shared = waiting;
      if (shared == null) {
        shared = new CompletableFuture<>();
        waiting = shared;
        leads = true;
      }
      answer = shared;
    }
    if (leads) {
      ask(answer);
    }
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreException failure) {
        throw new StoreException.Unavailable(String.valueOf(failure.getMessage()), failure);
      }
      throw e;
    }
  }

  private void ask(CompletableFuture<Long> answer) {
    asking.lock();
    try {
      synchronized (this) {
        waiting = null;
      }
      answer.complete(store.getAsLong());
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    } finally {
      asking.unlock();
    }
  }
}
