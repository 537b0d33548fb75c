package minik8s.client;

/**
 * One change seen by a watch. Immutable.
 *
 * @param <T> the record of the watched kind
 */
public sealed interface WatchEvent<T> {
  /** The object was added or changed; clients treat both alike. */
  record Changed<T>(T object) implements WatchEvent<T> {}

  /** The object is gone (or no longer selected); {@code object} is its last state. */
  record Deleted<T>(T object) implements WatchEvent<T> {}

  /** Nothing changed up to this revision. */
  record Bookmark<T>(String resourceVersion) implements WatchEvent<T> {}
}
