package minik8s.client;

import org.jspecify.annotations.Nullable;

/**
 * An open watch: pull the next event, blocking. Confined to one reader; {@link #close} may be
 * called from any thread and ends a blocked {@link #next}.
 */
public interface Watch<T> extends AutoCloseable {
  /**
   * The next event, or null when the server ended the watch in good order or it was closed.
   *
   * @throws minik8s.api.ApiException with reason Expired when the revision is no longer held
   * @throws java.io.UncheckedIOException when the connection broke
   */
  @Nullable WatchEvent<T> next();

  @Override
  void close();
}
