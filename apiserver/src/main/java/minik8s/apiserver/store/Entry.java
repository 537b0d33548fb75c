package minik8s.apiserver.store;

/**
 * One stored value as it was at one revision; what a caller must have seen to replace or delete it.
 *
 * <p>Immutable by agreement: nobody writes to {@code value} after construction.
 *
 * @param key the full key, see {@link StorePaths}
 * @param value the stored bytes
 * @param revision the store-wide revision of the write that made this value
 */
@SuppressWarnings(
    "ArrayRecordComponent") // Values are shared between lists, watches and caches; a copy each
// would cost more than it protects.
public record Entry(String key, byte[] value, long revision) {
  /** Refuses revisions that no write can have. */
  public Entry {
    if (revision <= 0) {
      throw new IllegalArgumentException("revision of " + key + " is " + revision);
    }
  }
}
