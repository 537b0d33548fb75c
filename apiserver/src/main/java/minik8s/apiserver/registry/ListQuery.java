package minik8s.apiserver.registry;

import java.util.function.Predicate;
import minik8s.apiserver.watchcache.CachedObject;
import org.jspecify.annotations.Nullable;

/**
 * What a list asks for. Immutable.
 *
 * @param namespace empty for all namespaces
 * @param selector which objects are wanted
 * @param selective whether the selector can refuse any object
 * @param limit the page size; 0 for everything
 * @param continuation the token of the page before, or null
 * @param revision the asked resourceVersion; null for the newest, 0 for whatever is at hand
 * @param exact whether exactly that revision must be shown
 */
public record ListQuery(
    String namespace,
    Predicate<CachedObject> selector,
    boolean selective,
    int limit,
    @Nullable String continuation,
    @Nullable Long revision,
    boolean exact) {

  /** Everything in a namespace, newest state. */
  public static ListQuery everything(String namespace) {
    return new ListQuery(namespace, _ -> true, false, 0, null, null, false);
  }
}
