package minik8s.controller.namespace;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.api.ObjectMeta;
import minik8s.controller.discovery.Served;

/**
 * What a namespace holds. Immutable.
 *
 * @param undeleted kinds with objects whose deletion was not asked yet
 * @param remaining how many objects there are, by {@code pods.} or {@code deployments.apps}
 * @param finalizers how many objects each finalizer holds back
 * @param discoveryFailures why some kinds are not known
 * @param contentFailures why some kinds could not be listed or deleted
 */
record Content(
    List<Served> undeleted,
    Map<String, Integer> remaining,
    Map<String, Integer> finalizers,
    List<String> discoveryFailures,
    List<String> contentFailures) {
  Content {
    undeleted = List.copyOf(undeleted);
    remaining = Map.copyOf(remaining);
    finalizers = Map.copyOf(finalizers);
    discoveryFailures = List.copyOf(discoveryFailures);
    contentFailures = List.copyOf(contentFailures);
  }

  /** Whether surely nothing is left. */
  boolean gone() {
    return remaining.isEmpty() && discoveryFailures.isEmpty() && contentFailures.isEmpty();
  }

  Content withFailures(List<String> failures) {
    return new Content(undeleted, remaining, finalizers, discoveryFailures, failures);
  }

  /** Adds up what was listed. */
  static Content of(
      Map<Served, List<ObjectMeta>> listed, List<String> discovery, List<String> content) {
    Map<String, Integer> remaining = new TreeMap<>();
    Map<String, Integer> finalizers = new TreeMap<>();
    List<Served> undeleted =
        listed.entrySet().stream()
            .filter(entry -> entry.getValue().stream().anyMatch(meta -> !meta.deleting()))
            .map(Map.Entry::getKey)
            .toList();
    listed.forEach((kind, objects) -> {
      if (!objects.isEmpty()) {
        remaining.put(kind.resource().plural() + "." + kind.resource().group(), objects.size());
      }
      objects.forEach(meta -> meta.finalizers().forEach(f -> finalizers.merge(f, 1, Integer::sum)));
    });
    return new Content(undeleted, remaining, finalizers, discovery, content);
  }
}
