package minik8s.controller.pods;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import minik8s.api.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Runs many small requests side by side on virtual threads. Stateless. After a failure the next
 * burst begins with one request and doubles, so that an exhausted quota costs one refusal rather
 * than hundreds.
 */
public final class Burst {
  /** Requests in flight per set. */
  public static final int WIDTH = 16;

  private Burst() {}

  /**
   * Performs the task on every item, stopping after a round with a failure.
   *
   * @param careful whether to begin with a round of one
   * @return the first failure; null when all went well
   */
  public static <T> @Nullable ApiException run(List<T> items, boolean careful, Consumer<T> task)
      throws InterruptedException {
    int round = careful ? 1 : items.size();
    int done = 0;
    while (done < items.size()) {
      int end = Math.min(items.size(), done + round);
      ApiException failure = round(items.subList(done, end), task);
      if (failure != null) {
        return failure;
      }
      done = end;
      round *= 2;
    }
    return null;
  }

  private static <T> @Nullable ApiException round(List<T> items, Consumer<T> task)
      throws InterruptedException {
    if (items.size() == 1) {
      return attempt(items.getFirst(), task);
    }
    Semaphore slots = new Semaphore(WIDTH);
    List<Future<@Nullable ApiException>> running = new ArrayList<>();
    ApiException failure = null;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T item : items) {
        running.add(
            threads.submit(() -> {
              slots.acquire();
              try {
                return attempt(item, task);
              } finally {
                slots.release();
              }
            }));
      }
      for (Future<@Nullable ApiException> one : running) {
        ApiException outcome = one.get();
        failure = failure == null ? outcome : failure;
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("a request failed in no known way", e.getCause());
    }
    return failure;
  }

  private static <T> @Nullable ApiException attempt(T item, Consumer<T> task) {
    try {
      task.accept(item);
      return null;
    } catch (ApiException e) {
      return e;
    }
  }
}
