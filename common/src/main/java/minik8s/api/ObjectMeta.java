package minik8s.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' {@code metadata}: identity, revision, labels and ownership. Immutable; absent strings
 * are empty and absent collections are empty.
 *
 * @param generation counts changes of the spec; 0 where the kind has none
 * @param deletionTimestamp set once deletion was asked; the moment the grace period ends
 * @param deletionGracePeriodSeconds seconds; null unless deletion was asked
 */
public record ObjectMeta(
    String name,
    String generateName,
    String namespace,
    String uid,
    String resourceVersion,
    long generation,
    @Nullable Instant creationTimestamp,
    @Nullable Instant deletionTimestamp,
    @Nullable Long deletionGracePeriodSeconds,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<OwnerReference> ownerReferences,
    List<String> finalizers) {
  public ObjectMeta {
    name = Lists.of(name);
    generateName = Lists.of(generateName);
    namespace = Lists.of(namespace);
    uid = Lists.of(uid);
    resourceVersion = Lists.of(resourceVersion);
    labels = Lists.of(labels);
    annotations = Lists.of(annotations);
    ownerReferences = Lists.of(ownerReferences);
    finalizers = Lists.of(finalizers);
  }

  /** Metadata of an object to be created. */
  public static ObjectMeta of(String namespace, String name, Map<String, String> labels) {
    return new ObjectMeta(
        name, "", namespace, "", "", 0, null, null, null, labels, Map.of(), List.of(), List.of());
  }

  /** The same metadata with these owners. */
  public ObjectMeta withOwners(List<OwnerReference> owners) {
    return new ObjectMeta(
        name,
        generateName,
        namespace,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        deletionGracePeriodSeconds,
        labels,
        annotations,
        owners,
        finalizers);
  }

  /** The same metadata with these annotations. */
  public ObjectMeta withAnnotations(Map<String, String> annotations) {
    return new ObjectMeta(
        name,
        generateName,
        namespace,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        deletionGracePeriodSeconds,
        labels,
        annotations,
        ownerReferences,
        finalizers);
  }

  /** The same metadata with these finalizers. */
  public ObjectMeta withFinalizers(List<String> finalizers) {
    return new ObjectMeta(
        name,
        generateName,
        namespace,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        deletionGracePeriodSeconds,
        labels,
        annotations,
        ownerReferences,
        finalizers);
  }

  /** Whether deletion was asked. */
  public boolean deleting() {
    return deletionTimestamp != null;
  }

  /** The owner that controls this object, if any; there is at most one. */
  public Optional<OwnerReference> controllerRef() {
    return ownerReferences.stream().filter(OwnerReference::controller).findFirst();
  }

  /** Whether the object with this uid controls this one. */
  public boolean controlledBy(String ownerUid) {
    return controllerRef().filter(ref -> ref.uid().equals(ownerUid)).isPresent();
  }
}
