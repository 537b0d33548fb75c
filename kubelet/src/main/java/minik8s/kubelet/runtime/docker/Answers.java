package minik8s.kubelet.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer of docker-java: each item goes to a consumer, the end completes a future.
 * Unlike docker-java's own callbacks it logs nothing. Thread-safe.
 */
final class Answers<T> implements ResultCallback<T> {
  private final Runnable opening;
  private final Consumer<T> consumer;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private volatile @Nullable Closeable stream;
  private volatile boolean closed;

  /**
   * @param opening called once the engine has begun to answer
   */
  Answers(Runnable opening, Consumer<T> consumer) {
    this.opening = opening;
    this.consumer = consumer;
  }

  @Override
  public void onStart(Closeable opened) {
    stream = opened;
    opening.run();
    if (closed) {
      close();
    }
  }

  @Override
  public void onNext(T item) {
    consumer.accept(item);
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    end.complete(null);
  }

  /** Completes when the stream ended. */
  CompletableFuture<Void> end() {
    return end;
  }

  @Override
  public void close() {
    closed = true;
    Closeable open = stream;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // nothing left to release
      }
    }
  }
}
