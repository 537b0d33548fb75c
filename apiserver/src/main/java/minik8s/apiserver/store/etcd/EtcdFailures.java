package minik8s.apiserver.store.etcd;

import io.etcd.jetcd.common.exception.CompactedException;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import minik8s.apiserver.store.StoreException;

/** Turns what jetcd and gRPC throw into the store's own failures. Stateless. */
final class EtcdFailures {
  private EtcdFailures() {}

  /**
   * Reads jetcd's several shapes of one failure; messages are those of etcd's {@code
   * rpctypes/error.go}.
   */
  static StoreException translate(ExecutionException failure, String key, int size, long revision) {
    Throwable cause = Objects.requireNonNullElse(failure.getCause(), failure);
    if (cause instanceof CompactedException) {
      return new StoreException.Compacted(revision);
    }
    Status status = Status.fromThrowable(cause);
    String text = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    if (text.contains("required revision has been compacted")) {
      return new StoreException.Compacted(revision);
    }
    if (text.contains("required revision is a future revision")) {
      return new StoreException.Future(revision);
    }
    boolean refused =
        text.contains("request is too large")
            || (size > 1_000_000 && status.getCode() == Status.Code.RESOURCE_EXHAUSTED);
    if (refused) {
      return new StoreException.TooLarge(key, size);
    }
    return new StoreException.Unavailable("etcd is not available: " + text, cause);
  }
}
