package minik8s.scheduler.framework;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import minik8s.api.LabelSelector;

/**
 * All crowds, found by any one label that a selector insists on. Confined to the scheduling loop.
 */
final class Crowds {
  private final Map<Crowd.Name, Crowd> all = new HashMap<>();
  private final Map<Map.Entry<String, String>, Set<Crowd>> byLabel = new HashMap<>();

  void add(PodView pod, int slot) {
    Crowd.Name name = Crowd.Name.of(pod);
    Crowd crowd = all.get(name);
    if (crowd == null) {
      crowd = new Crowd(name);
      all.put(name, crowd);
      for (Map.Entry<String, String> label : name.labels().entrySet()) {
        byLabel
            .computeIfAbsent(Map.entry(label.getKey(), label.getValue()), _ -> new HashSet<>())
            .add(crowd);
      }
    }
    crowd.perNode().add(slot, 1);
  }

  void remove(PodView pod, int slot) {
    Crowd.Name name = Crowd.Name.of(pod);
    Crowd crowd = all.get(name);
    if (crowd == null) {
      throw new IllegalStateException(pod.pod().key() + " was never counted");
    }
    crowd.perNode().add(slot, -1);
    if (crowd.perNode().isEmpty()) {
      all.remove(name);
      for (Map.Entry<String, String> label : name.labels().entrySet()) {
        Map.Entry<String, String> entry = Map.entry(label.getKey(), label.getValue());
        Set<Crowd> sharing = byLabel.get(entry);
        if (sharing != null && sharing.remove(crowd) && sharing.isEmpty()) {
          byLabel.remove(entry);
        }
      }
    }
  }

  /** Shows every crowd whose labels match. */
  void matching(LabelSelector selector, Consumer<Crowd> visitor) {
    for (Crowd crowd : fewest(selector)) {
      if (selector.matches(crowd.labels())) {
        visitor.accept(crowd);
      }
    }
  }

  /** The shortest list that holds all that match. */
  private Collection<Crowd> fewest(LabelSelector selector) {
    Collection<Crowd> fewest = all.values();
    for (Map.Entry<String, String> label : selector.matchLabels().entrySet()) {
      fewest = fewer(fewest, label.getKey(), label.getValue());
    }
    for (LabelSelector.Requirement requirement : selector.matchExpressions()) {
      if (requirement.operator().equals("In") && requirement.values().size() == 1) {
        fewest = fewer(fewest, requirement.key(), requirement.values().getFirst());
      }
    }
    return fewest;
  }

  private Collection<Crowd> fewer(Collection<Crowd> fewest, String key, String value) {
    Collection<Crowd> these = byLabel.getOrDefault(Map.entry(key, value), Set.of());
    return these.size() < fewest.size() ? these : fewest;
  }
}
