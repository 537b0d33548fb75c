package minik8s.apiserver.store;

import org.jspecify.annotations.Nullable;

/**
 * One change of one key. Immutable by agreement.
 *
 * @param key the full key
 * @param value the new bytes, or null when the key was deleted
 * @param revision the revision of the write
 */
@SuppressWarnings("ArrayRecordComponent") // Shared like Entry's value.
public record StoreEvent(String key, byte @Nullable [] value, long revision) {
  /** Whether the key is gone. */
  public boolean deleted() {
    return value == null;
  }
}
