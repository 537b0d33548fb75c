package minik8s.scheduler.framework;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.LabelSelector;
import minik8s.api.Pod;
import minik8s.api.PodSpec;
import org.jspecify.annotations.Nullable;

/**
 * One term of pod affinity or anti-affinity with what its pod filled in. Immutable; pods of one
 * template have equal terms.
 *
 * @param namespaces where the pods meant are
 * @param namespaceSelector also in namespaces with these labels; null for no further ones
 * @param selector which pods; null for none
 * @param weight of a preference, negative when it is one against; 0 for a requirement
 */
public record PodTerm(
    Set<String> namespaces,
    @Nullable LabelSelector namespaceSelector,
    @Nullable LabelSelector selector,
    String topologyKey,
    int weight) {
  public PodTerm {
    namespaces = Set.copyOf(namespaces);
  }

  static PodTerm of(PodSpec.PodAffinityTerm term, Pod pod, int weight) {
    boolean ownNamespace = term.namespaces().isEmpty() && term.namespaceSelector() == null;
    LabelSelector selector = term.labelSelector();
    if (selector != null) {
      Map<String, String> labels = pod.metadata().labels();
      selector = narrowed(selector, term.matchLabelKeys(), labels, "In");
      selector = narrowed(selector, term.mismatchLabelKeys(), labels, "NotIn");
    }
    return new PodTerm(
        ownNamespace ? Set.of(pod.metadata().namespace()) : Set.copyOf(term.namespaces()),
        term.namespaceSelector(),
        selector,
        term.topologyKey(),
        weight);
  }

  /**
   * The selector that also compares these labels with the pod's own; labels that the pod lacks are
   * left out. Source: {@code matchLabelKeys} of Kubernetes' affinity and spread terms.
   */
  static LabelSelector narrowed(
      LabelSelector selector, List<String> keys, Map<String, String> labels, String operator) {
    if (keys.isEmpty()) {
      return selector;
    }
    Map<String, String> equal = new LinkedHashMap<>(selector.matchLabels());
    List<LabelSelector.Requirement> expressions = new ArrayList<>(selector.matchExpressions());
    for (String key : keys) {
      String value = labels.get(key);
      if (value == null) {
        continue;
      }
      if (!operator.equals("In") || equal.putIfAbsent(key, value) != null) {
        expressions.add(new LabelSelector.Requirement(key, operator, List.of(value)));
      }
    }
    return new LabelSelector(equal, expressions);
  }

  /** Whether a pod there with these labels is meant. */
  public boolean matches(String namespace, Map<String, String> labels, ClusterSnapshot cluster) {
    if (selector == null || !selector.matches(labels)) {
      return false;
    }
    return namespaces.contains(namespace)
        || (namespaceSelector != null
            && namespaceSelector.matches(cluster.namespaceLabels(namespace)));
  }

  /** Whether this pod is meant. */
  public boolean matches(PodView pod, ClusterSnapshot cluster) {
    return matches(pod.namespace(), pod.pod().metadata().labels(), cluster);
  }

  /** Shows every crowd that is meant. */
  public void crowds(ClusterSnapshot cluster, java.util.function.Consumer<Crowd> visitor) {
    if (selector != null) {
      cluster.crowds(
          selector,
          crowd -> {
            if (matches(crowd.namespace(), crowd.labels(), cluster)) {
              visitor.accept(crowd);
            }
          });
    }
  }
}
