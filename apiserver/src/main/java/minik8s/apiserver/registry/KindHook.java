package minik8s.apiserver.registry;

import minik8s.apiserver.kinds.Kind;
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

  /** Learns of a stored document. */
  default void afterWrite(Kind kind, ObjectNode document) {}

  /** Learns of a document that is gone. */
  default void afterDelete(Kind kind, ObjectNode document) {}
}
