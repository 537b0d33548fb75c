package minik8s.controller.garbage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import minik8s.api.ObjectMeta;
import minik8s.api.OwnerReference;
import minik8s.api.Resource;
import minik8s.controller.garbage.GarbagePlan.Owner;
import minik8s.controller.garbage.GarbagePlan.View;
import org.jspecify.annotations.Nullable;

/**
 * Who owns whom, by uid, as the watches show it. Thread-safe. Each change answers which objects
 * should be looked at because of it.
 *
 * <p>A uid is never used twice, so once an object was seen to go, or a look-up found it absent, it
 * is absent for ever. An owner that is neither in the graph nor known to be absent is unknown: its
 * watch may just lag behind its dependent's.
 */
final class OwnerGraph {
  private static final int REMEMBERED_ABSENT = 20_000;

  private final Map<String, Item> items = new HashMap<>();
  private final Map<String, Set<String>> dependents = new HashMap<>();
  private final Map<String, Boolean> absent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED_ABSENT;
        }
      };

  /**
   * Which objects to look at.
   *
   * @param now those whose case is clear
   * @param later those with an owner that may show up any moment
   */
  record Wake(Set<String> now, Set<String> later) {
    static final Wake NOBODY = new Wake(Set.of(), Set.of());

    Wake {
      now = Set.copyOf(now);
      later = Set.copyOf(later);
    }
  }

  /** The object is there and looks like this. */
  synchronized Wake observe(Resource<?> resource, ObjectMeta meta) {
    String uid = meta.uid();
    if (absent.containsKey(uid)) {
      return Wake.NOBODY;
    }
    Item item = new Item(resource, Trace.slim(meta));
    Item old = items.put(uid, item);
    Set<String> now = new LinkedHashSet<>();
    Set<String> later = new LinkedHashSet<>();
    relink(old, item, now);
    for (OwnerReference ref : meta.ownerReferences()) {
      Item owner = items.get(ref.uid());
      if (absent.containsKey(ref.uid()) || (owner != null && owner.deletingDependents())) {
        now.add(uid);
      } else if (owner == null) {
        later.add(uid);
      }
    }
    if (item.deletingDependents()) {
      now.add(uid);
      now.addAll(dependents.getOrDefault(uid, Set.of()));
    } else if (item.orphaning()) {
      now.add(uid);
    }
    return new Wake(now, later);
  }

  /** A look-up found the object; what the watches showed of it is newer and stays. */
  synchronized Wake confirm(Resource<?> resource, ObjectMeta meta) {
    return items.containsKey(meta.uid()) ? Wake.NOBODY : observe(resource, meta);
  }

  /** The object is gone for ever. */
  synchronized Wake forget(String uid) {
    absent.put(uid, true);
    Item old = items.remove(uid);
    Set<String> now = new LinkedHashSet<>(dependents.getOrDefault(uid, Set.of()));
    if (old != null) {
      relink(old, null, now);
    }
    return new Wake(now, Set.of());
  }

  /** Files the item under its owners; an owner that lost a dependent it waited for is woken. */
  private void relink(@Nullable Item old, @Nullable Item next, Set<String> wake) {
    List<OwnerReference> refs = List.of();
    if (next != null) {
      refs = next.meta().ownerReferences();
      refs.forEach(ref -> file(ref.uid(), next.uid()));
    }
    if (old == null || old.meta().ownerReferences().equals(refs)) {
      return;
    }
    for (OwnerReference ref : old.meta().ownerReferences()) {
      if (!contains(refs, ref.uid())) {
        unfile(ref.uid(), old.uid());
      }
      Item owner = items.get(ref.uid());
      if (owner != null && owner.deletingDependents()) {
        wake.add(ref.uid());
      }
    }
  }

  private void file(String owner, String dependent) {
    dependents.computeIfAbsent(owner, _ -> new LinkedHashSet<>()).add(dependent);
  }

  private void unfile(String owner, String dependent) {
    Set<String> filed = dependents.get(owner);
    if (filed != null && filed.remove(dependent) && filed.isEmpty()) {
      dependents.remove(owner);
    }
  }

  private static boolean contains(List<OwnerReference> refs, String uid) {
    return refs.stream().anyMatch(ref -> ref.uid().equals(uid));
  }

  /** The object with its owners and dependents; empty when it is gone. */
  synchronized Optional<View> view(String uid) {
    Item item = items.get(uid);
    if (item == null) {
      return Optional.empty();
    }
    List<Owner> owners =
        item.meta().ownerReferences().stream()
            .map(ref -> new Owner(ref, state(item, ref)))
            .toList();
    List<Item> below = new ArrayList<>();
    for (String dependent : dependents.getOrDefault(uid, Set.of())) {
      Item found = items.get(dependent);
      if (found != null) {
        below.add(found);
      }
    }
    return Optional.of(new View(item, owners, below));
  }

  private Owner.State state(Item item, OwnerReference ref) {
    if (absent.containsKey(ref.uid())) {
      return Owner.State.ABSENT;
    }
    Item owner = items.get(ref.uid());
    if (owner == null) {
      return Owner.State.UNKNOWN;
    }
    boolean elsewhere =
        owner.resource().namespaced() && !owner.meta().namespace().equals(item.meta().namespace());
    if (elsewhere) {
      return Owner.State.ABSENT;
    }
    return owner.deletingDependents() ? Owner.State.WAITING : Owner.State.SOLID;
  }
}
