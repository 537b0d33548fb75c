package minik8s.client.informer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import org.jspecify.annotations.Nullable;

/** The objects of one informer with their indexes. Many readers, one writer at a time. */
final class Cache<T extends KubeObject> implements Lister<T> {
  private final Map<ObjectKey, T> objects = new ConcurrentHashMap<>();
  private final Map<Index<T>, Map<String, Set<ObjectKey>>> indexes = new HashMap<>();

  Cache(List<Index<T>> indexes) {
    indexes.forEach(index -> this.indexes.put(index, new ConcurrentHashMap<>()));
  }

  @Override
  public Optional<T> get(ObjectKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  @Override
  public Collection<T> all() {
    return Collections.unmodifiableCollection(objects.values());
  }

  @Override
  public List<T> by(Index<T> index, String value) {
    Map<String, Set<ObjectKey>> filed = indexes.get(index);
    if (filed == null) {
      throw new IllegalArgumentException("informer has no index " + index.name());
    }
    Set<ObjectKey> keys = filed.get(value);
    if (keys == null) {
      return List.of();
    }
    List<T> found = new ArrayList<>();
    synchronized (keys) {
      for (ObjectKey key : keys) {
        T object = objects.get(key);
        if (object != null) {
          found.add(object);
        }
      }
    }
    return found;
  }

  Set<ObjectKey> keys() {
    return Set.copyOf(objects.keySet());
  }

  /** Stores an object and returns the one before it. */
  @Nullable T put(T object) {
    T old = objects.put(object.key(), object);
    refile(object.key(), old, object);
    return old;
  }

  /** Forgets an object and returns its last state. */
  @Nullable T remove(ObjectKey key) {
    T old = objects.remove(key);
    if (old != null) {
      refile(key, old, null);
    }
    return old;
  }

  private void refile(ObjectKey key, @Nullable T old, @Nullable T now) {
    indexes.forEach((index, filed) -> {
      List<String> before = old == null ? List.of() : index.values().apply(old);
      List<String> after = now == null ? List.of() : index.values().apply(now);
      for (String value : after) {
        Set<ObjectKey> keys =
            filed.computeIfAbsent(value, v -> Collections.synchronizedSet(new LinkedHashSet<>()));
        keys.add(key);
      }
      for (String value : before) {
        Set<ObjectKey> keys = filed.get(value);
        if (keys != null && !after.contains(value)) {
          keys.remove(key);
          if (keys.isEmpty()) {
            filed.remove(value, keys);
          }
        }
      }
    });
  }
}
