package minik8s.controller.namespace;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import minik8s.api.Condition;
import minik8s.api.Namespace;

/** Says what still keeps a namespace from going, in Kubernetes' conditions. Pure. */
final class NamespaceStatuses {
  private NamespaceStatuses() {}

  /**
   * @param now in whole seconds
   */
  static Namespace.Status of(Namespace namespace, Content content, Instant now) {
    List<Condition> conditions = namespace.status().conditions();
    conditions = set(conditions, discovery(content, now));
    conditions =
        set(
            conditions,
            Condition.of(
                "NamespaceDeletionGroupVersionParsingFailure",
                false,
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed",
                now));
    conditions = set(conditions, failure(content, now));
    conditions = set(conditions, remaining(content, now));
    conditions = set(conditions, finalizers(content, now));
    return new Namespace.Status("Terminating", conditions);
  }

  private static Condition discovery(Content content, Instant now) {
    List<String> failures = content.discoveryFailures();
    return failures.isEmpty()
        ? Condition.of(
            "NamespaceDeletionDiscoveryFailure",
            false,
            "ResourcesDiscovered",
            "All resources successfully discovered",
            now)
        : Condition.of(
            "NamespaceDeletionDiscoveryFailure",
            true,
            "DiscoveryFailed",
            "Discovery failed for some groups, %d failing: %s"
                .formatted(failures.size(), String.join(", ", failures)),
            now);
  }

  private static Condition failure(Content content, Instant now) {
    List<String> failures = content.contentFailures();
    return failures.isEmpty()
        ? Condition.of(
            "NamespaceDeletionContentFailure",
            false,
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization",
            now)
        : Condition.of(
            "NamespaceDeletionContentFailure",
            true,
            "ContentDeletionFailed",
            "Failed to delete all resource types, %d remaining: %s"
                .formatted(failures.size(), String.join(", ", failures)),
            now);
  }

  private static Condition remaining(Content content, Instant now) {
    if (content.remaining().isEmpty()) {
      return Condition.of(
          "NamespaceContentRemaining",
          false,
          "ContentRemoved",
          "All content successfully removed",
          now);
    }
    String list =
        new TreeMap<>(content.remaining())
            .entrySet().stream()
                .map(e -> e.getKey() + " has " + e.getValue() + " resource instances")
                .collect(Collectors.joining(", "));
    return Condition.of(
        "NamespaceContentRemaining",
        true,
        "SomeResourcesRemain",
        "Some resources are remaining: " + list,
        now);
  }

  private static Condition finalizers(Content content, Instant now) {
    if (content.finalizers().isEmpty()) {
      return Condition.of(
          "NamespaceFinalizersRemaining",
          false,
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
          now);
    }
    String list =
        new TreeMap<>(content.finalizers())
            .entrySet().stream()
                .map(e -> e.getKey() + " in " + e.getValue() + " resource instances")
                .collect(Collectors.joining(", "));
    return Condition.of(
        "NamespaceFinalizersRemaining",
        true,
        "SomeFinalizersRemain",
        "Some content in the namespace has finalizers remaining: " + list,
        now);
  }

  /** Same status, reason and message keep the old condition, times included. */
  private static List<Condition> set(List<Condition> conditions, Condition next) {
    return Condition.set(conditions, next);
  }
}
