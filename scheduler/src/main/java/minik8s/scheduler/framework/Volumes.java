package minik8s.scheduler.framework;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.ObjectReference;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.StorageClass;
import org.jspecify.annotations.Nullable;

/**
 * Claims, volumes and storage classes, with the volumes that pods being placed were promised and
 * the informer does not show yet. Confined to the scheduling loop.
 */
public final class Volumes {
  /** On a claim: which node its volume must be reachable from. */
  public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  private static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

  private final Map<String, PersistentVolumeClaim> claims = new HashMap<>();
  private final Map<String, PersistentVolume> volumes = new HashMap<>();
  private final Map<String, Map<String, PersistentVolume>> byClass = new HashMap<>();
  private final Map<String, StorageClass> classes = new HashMap<>();
  private final Map<String, String> promised = new HashMap<>();

  /** The claim named {@code NAMESPACE/NAME}, or null. */
  public @Nullable PersistentVolumeClaim claim(String key) {
    return claims.get(key);
  }

  public @Nullable PersistentVolume volume(String name) {
    return volumes.get(name);
  }

  public @Nullable StorageClass storageClass(String name) {
    return classes.get(name);
  }

  /** The volumes of a storage class; of no class when the name is empty. */
  public Collection<PersistentVolume> ofClass(String name) {
    return byClass.getOrDefault(name, Map.of()).values();
  }

  /** Whether the volume is meant for this claim, or for nobody yet. */
  public boolean free(PersistentVolume volume, PersistentVolumeClaim claim) {
    String taker = promised.get(volume.metadata().name());
    if (taker != null && !taker.equals(claim.key().toString())) {
      return false;
    }
    ObjectReference holder = volume.spec().claimRef();
    return holder == null ? volume.status().phase().equals("Available") : isFor(holder, claim);
  }

  /** Whether a volume's reference means this claim. */
  public static boolean isFor(ObjectReference holder, PersistentVolumeClaim claim) {
    return holder.name().equals(claim.metadata().name())
        && holder.namespace().equals(claim.metadata().namespace())
        && (holder.uid().isEmpty() || holder.uid().equals(claim.metadata().uid()));
  }

  /** Whether a claim has its volume for good. */
  public static boolean bound(PersistentVolumeClaim claim) {
    return !claim.spec().volumeName().isEmpty()
        && (claim.metadata().annotations().containsKey(BIND_COMPLETED)
            || claim.status().phase().equals("Bound"));
  }

  /** Whether a claim waits for a pod that uses it to get a node. */
  public boolean waitsForConsumer(PersistentVolumeClaim claim) {
    String name = claim.spec().storageClassName();
    StorageClass sort = name == null ? null : classes.get(name);
    return sort != null && sort.waitsForConsumer() && claim.spec().volumeName().isEmpty();
  }

  void put(String key, @Nullable PersistentVolumeClaim claim) {
    if (claim == null) {
      claims.remove(key);
    } else {
      claims.put(key, claim);
    }
  }

  void put(String name, @Nullable PersistentVolume volume) {
    PersistentVolume old = volume == null ? volumes.remove(name) : volumes.put(name, volume);
    if (old != null) {
      byClass.computeIfPresent(
          old.spec().storageClassName(),
          (_, same) -> {
            same.remove(name);
            return same.isEmpty() ? null : same;
          });
    }
    if (volume != null) {
      byClass
          .computeIfAbsent(volume.spec().storageClassName(), _ -> new LinkedHashMap<>())
          .put(name, volume);
    }
    if (volume == null || volume.spec().claimRef() != null) {
      promised.remove(name);
    }
  }

  void put(String name, @Nullable StorageClass sort) {
    if (sort == null) {
      classes.remove(name);
    } else {
      classes.put(name, sort);
    }
  }

  void promise(List<VolumeDuty> duties) {
    for (VolumeDuty duty : duties) {
      if (duty instanceof VolumeDuty.Promise promise) {
        promised.put(promise.volume().metadata().name(), promise.claim().key().toString());
      }
    }
  }

  void takeBack(List<VolumeDuty> duties) {
    for (VolumeDuty duty : duties) {
      if (duty instanceof VolumeDuty.Promise promise) {
        promised.remove(promise.volume().metadata().name(), promise.claim().key().toString());
      }
    }
  }
}
