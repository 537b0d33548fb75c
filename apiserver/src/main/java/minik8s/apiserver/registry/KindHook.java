package minik8s.apiserver.registry;

import minik8s.apiserver.kinds.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one kind needs around its writes beyond its strategy, because it reads or writes other keys.
 * Implementations are thread-safe and look at the kind first.
 */
public interface KindHook {
  /** Completes a new document before it is validated. */
  default void beforeCreate(Kind kind, ObjectNode document) {}

  /** Completes a changed document before it is validated. */
  default void beforeUpdate(Kind kind, ObjectNode document, ObjectNode old) {}

  /** Claims what the document needs for itself alone, just before it is stored. */
  default void reserve(Kind kind, ObjectNode document) {}

  /**
   * Charges what a valid document costs beyond what it replaces; the last thing that can refuse it.
   * Follows {@link #beforeCreate} or {@link #beforeUpdate}; is answered by {@link #refund} when the
   * document is certainly not stored.
   *
   * @param old what it replaces; null for a new object
   * @param dryRun whether nothing will be stored, and so nothing may be charged
   */
  default void charge(Kind kind, @Nullable ObjectNode old, ObjectNode document, boolean dryRun) {}

  /**
   * Gives back what one document costs beyond another.
   *
   * @param more what is no longer there, or was never stored
   * @param less what is there instead; null for nothing
   */
  default void refund(Kind kind, ObjectNode more, @Nullable ObjectNode less) {}

  /** Learns of a stored document. */
  default void afterWrite(Kind kind, ObjectNode document) {}

  /** Learns of a document that is gone. */
  default void afterDelete(Kind kind, ObjectNode document) {}
}
