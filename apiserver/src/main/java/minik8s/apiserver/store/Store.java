package minik8s.apiserver.store;

import org.jspecify.annotations.Nullable;

/**
 * The storage port: a sorted map of keys to bytes with one store-wide revision that grows with
 * every write.
 *
 * <p>Thread-safe; calls block the calling (virtual) thread. A caller can only replace or delete
 * what it has seen (there is no put). All methods throw {@link StoreException.Unavailable} when the
 * store does not answer.
 */
public interface Store extends AutoCloseable {
  /** Stores a new key; throws {@link StoreException.Exists} or {@link StoreException.TooLarge}. */
  Entry create(String key, byte[] value);

  /**
   * Replaces exactly {@code seen}; throws {@link StoreException.Changed} when it is no longer so.
   * Where the value is there already, it may count as written: an answer can be lost, and who wants
   * the same document has it.
   */
  Entry replace(Entry seen, byte[] value);

  /**
   * As {@link #replace}, but a value that is there already was written by somebody else. For
   * counters: two who count on from the same number want the same next one, and only one may have
   * it. After a lost answer the caller's own write counts as somebody else's, too.
   */
  Entry replaceStrictly(Entry seen, byte[] value);

  /**
   * Deletes exactly {@code seen} and returns the revision of the deletion; throws {@link
   * StoreException.Changed}.
   */
  long delete(Entry seen);

  /** Reads one key as it is now (linearizable), or null. */
  @Nullable Entry get(String key);

  /**
   * Reads keys under a prefix in order.
   *
   * @param prefix must end with a slash
   * @param limit at most this many entries; 0 means all
   * @param from the first key wanted, or null for the start of the prefix
   * @param revision the revision to read at; 0 means now
   * @throws StoreException.Compacted when the revision is no longer held
   * @throws StoreException.Future when the revision has not happened yet
   */
  Page list(String prefix, int limit, @Nullable String from, long revision);

  /** The store's present revision (linearizable). */
  long revision();

  /**
   * The oldest revision not older than {@code atLeast} that can still be listed and watched from.
   */
  long oldestRevision(long atLeast);

  /**
   * Tells the listener of every change with a revision of at least {@code fromRevision}, of all
   * keys, and reconnects by itself.
   *
   * @return closes the watch; no event is delivered after {@code close} has returned
   */
  Subscription watch(long fromRevision, StoreListener listener);

  /** Ends the connection and every watch. */
  @Override
  void close();

  /** A running watch. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
