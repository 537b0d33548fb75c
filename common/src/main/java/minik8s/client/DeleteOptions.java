package minik8s.client;

import org.jspecify.annotations.Nullable;

/**
 * How to delete. Immutable.
 *
 * @param gracePeriodSeconds null for the object's own; 0 removes at once
 * @param propagationPolicy {@code Background}, {@code Foreground} or {@code Orphan}
 * @param uid precondition: only this very object; null for none
 * @param resourceVersion precondition: only this very revision; null for none
 */
public record DeleteOptions(
    @Nullable Long gracePeriodSeconds,
    @Nullable String propagationPolicy,
    @Nullable String uid,
    @Nullable String resourceVersion) {
  public static final DeleteOptions BACKGROUND = new DeleteOptions(null, "Background", null, null);

  /** In the background, but only the object with this uid. */
  public static DeleteOptions ofUid(String uid) {
    return new DeleteOptions(null, "Background", uid, null);
  }

  /** At once and without grace, but only the object with this uid; the kubelet's last word. */
  public static DeleteOptions now(String uid) {
    return new DeleteOptions(0L, "Background", uid, null);
  }
}
