package minik8s.apiserver.registry;

import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.store.StoreException;

/** What the store's failures mean to an API client. Stateless. */
public final class StoreFailures {
  private StoreFailures() {}

  /** The answer to a failure that is nobody's race: those two are handled where they happen. */
  public static ApiException translate(StoreException failure) {
    String text = String.valueOf(failure.getMessage());
    return switch (failure) {
      case StoreException.Unavailable _ -> Failure.unavailable(text).asException();
      case StoreException.Compacted _ ->
          Failure.expired("The resourceVersion for the provided list is too old.").asException();
      case StoreException.Future _ -> Failure.timeout("Timeout: " + text).asException();
      case StoreException.TooLarge _ ->
          Failure.tooLarge("etcdserver: request is too large: " + text).asException();
      case StoreException.Exists _, StoreException.Changed _ ->
          Failure.internal(text).asException();
    };
  }
}
