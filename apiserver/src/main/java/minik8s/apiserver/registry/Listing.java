package minik8s.apiserver.registry;

import java.util.List;
import minik8s.apiserver.watchcache.CachedObject;
import org.jspecify.annotations.Nullable;

/**
 * A list or one page of it. Immutable.
 *
 * @param objects in key order
 * @param revision the resourceVersion of the list
 * @param continuation the token of the next page, or null at the end
 * @param remaining how many objects follow, or null when that is not known
 */
public record Listing(
    List<CachedObject> objects,
    long revision,
    @Nullable String continuation,
    @Nullable Long remaining) {
  /** Takes its own copy of the objects. */
  public Listing {
    objects = List.copyOf(objects);
  }
}
