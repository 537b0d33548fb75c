package minik8s.client.informer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import minik8s.api.ObjectKey;

/**
 * A read-only view of a local cache. Thread-safe; always a moment behind the API server, never
 * torn: each object is a whole revision.
 */
public interface Lister<T> {
  /** The object as last seen. */
  Optional<T> get(ObjectKey key);

  /** Every object, in no order; a live view that tolerates concurrent change. */
  Collection<T> all();

  /** The objects that an index files under {@code value}. */
  List<T> by(Index<T> index, String value);
}
