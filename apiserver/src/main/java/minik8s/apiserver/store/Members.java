package minik8s.apiserver.store;

import java.time.Duration;
import java.util.List;

/**
 * The servers that share a store, each known by a key of its own in one folder; a key hangs on its
 * server's lease and goes away when the server is silent for longer than that lasts.
 *
 * <p>Thread-safe; calls block the calling (virtual) thread. All methods throw {@link
 * StoreException.Unavailable} when the store does not answer.
 */
public interface Members {
  /**
   * Begins a lease.
   *
   * @param length how long it lasts after it was last renewed, at least; whole seconds
   * @return its number
   */
  long lease(Duration length);

  /** Lets a lease last its length again, from now; false when it is over. */
  boolean renew(long lease);

  /** Ends a lease, and every key that hangs on it; one that is over already is no mistake. */
  void release(long lease);

  /**
   * Sets a server's own key, whatever was there, and reads the folder right after, in one step.
   *
   * @param folder ends with a slash; {@code key} is in it
   * @return all keys of the folder, this one among them
   */
  List<Entry> announce(String folder, String key, byte[] value, long lease);

  /**
   * Sets a server's own key if it is the only one of the folder.
   *
   * @param created the revision of the write that made the key
   * @return the revision of this write, or 0 when the key is gone or there is another
   */
  long claim(String folder, String key, byte[] value, long lease, long created);
}
