package minik8s.apiserver.store.etcd;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import minik8s.apiserver.store.StoreException;

/** Waits for answers of etcd, with their failures translated and their times told. Thread-safe. */
final class EtcdCalls {
  private final EtcdKv kv;
  private final EtcdTimings timings;

  EtcdCalls(EtcdKv kv, EtcdTimings timings) {
    this.kv = kv;
    this.timings = timings;
  }

  /**
   * The answer, or a failure after {@link EtcdKv#patience}.
   *
   * @param size bytes that were sent
   */
  <T> T await(String operation, String key, Future<T> answer, int size) {
    return await(operation, key, answer, size, 0);
  }

  /**
   * The answer, or a failure after {@link EtcdKv#patience}.
   *
   * @param size bytes that were sent
   * @param revision the one asked for, which may be compacted
   */
  <T> T await(String operation, String key, Future<T> answer, int size, long revision) {
    long started = System.nanoTime();
    try {
      return answer.get(kv.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw EtcdFailures.translate(e, key, size, revision);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new StoreException.Unavailable(kv.silence(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted while waiting for etcd", e);
    } finally {
      timings.took(operation, Duration.ofNanos(System.nanoTime() - started));
    }
  }
}
