package minik8s.scheduler.framework;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The affinity terms of pods on nodes, equal ones counted together, so that a thousand replicas are
 * asked once. Confined to the scheduling loop.
 */
final class Terms {
  private final Map<TermSort, Map<PodTerm, Tally>> sorts = new EnumMap<>(TermSort.class);

  Terms() {
    for (TermSort sort : TermSort.values()) {
      sorts.put(sort, new HashMap<>());
    }
  }

  void add(PodView pod, int slot, int by) {
    add(TermSort.REPELS, pod.affinity().farFrom(), slot, by);
    add(TermSort.ATTACHED, pod.affinity().nearTo(), slot, by);
    add(TermSort.INCLINED, pod.affinity().preferences(), slot, by);
  }

  private void add(TermSort sort, List<PodTerm> terms, int slot, int by) {
    Map<PodTerm, Tally> tallies = of(sort);
    for (PodTerm term : terms) {
      Tally tally = tallies.computeIfAbsent(term, _ -> new Tally());
      tally.add(slot, by);
      if (tally.isEmpty()) {
        tallies.remove(term);
      }
    }
  }

  void forEach(TermSort sort, BiConsumer<PodTerm, Tally> visitor) {
    of(sort).forEach(visitor);
  }

  private Map<PodTerm, Tally> of(TermSort sort) {
    Map<PodTerm, Tally> tallies = sorts.get(sort);
    if (tallies == null) {
      throw new IllegalStateException("no terms of sort " + sort);
    }
    return tallies;
  }
}
