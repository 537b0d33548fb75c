package minik8s.apiserver.registry;

import java.util.List;
import minik8s.apiserver.watchcache.CachedObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a write has led to. Immutable by agreement.
 *
 * @param document the object in its stored version; with resourceVersion unless nothing was stored
 * @param object the same ready to be sent, or null after a dry run
 * @param removed whether the object is gone now
 * @param warnings sentences for the client
 */
public record Written(
    ObjectNode document, @Nullable CachedObject object, boolean removed, List<String> warnings) {
  /** Takes its own copy of the warnings. */
  public Written {
    warnings = List.copyOf(warnings);
  }
}
