package minik8s.scheduler.framework;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import minik8s.api.LabelSelector;
import minik8s.api.PodDisruptionBudget;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as one scheduling decision sees it. Confined to the scheduling loop, which changes it
 * only between decisions; each {@link NodeView} in it is immutable and may be kept.
 */
public interface ClusterSnapshot {
  /** How many nodes there are. */
  int size();

  /** The node in a place from 0 to {@link #size} - 1; places change as nodes come and go. */
  NodeView node(int place);

  /** The node of this name, or null. */
  @Nullable NodeView node(String name);

  /** Above every {@link NodeView#slot} in use. */
  int slots();

  /** On how many nodes an image is present. */
  int holdersOf(String image);

  /** Where the pods of one controller are, those being deleted left out. */
  Tally ownedBy(String owner);

  /** The values of a node label. */
  Domains domains(String topologyKey);

  /** Shows every crowd whose labels match, in whatever namespace. */
  void crowds(LabelSelector selector, Consumer<Crowd> visitor);

  /** Shows the terms of one sort that pods on nodes have, and where those pods are. */
  void terms(TermSort sort, BiConsumer<PodTerm, Tally> visitor);

  /** The labels of a namespace; none when it is not known. */
  Map<String, String> namespaceLabels(String namespace);

  /** Claims, volumes and storage classes. */
  Volumes volumes();

  /** How many pods on nodes use a claim, named {@code NAMESPACE/NAME}. */
  int usersOf(String claim);

  /** Pods that wait for room on a node which others were made to leave for them. */
  List<PodView> nominated(String node);

  /** For how many pods room is kept. */
  int nominations();

  /** The node on which room is kept for a pod, or null. */
  @Nullable String nominationOf(String podId);

  /** The disruption budgets of a namespace. */
  List<PodDisruptionBudget> budgets(String namespace);

  /** Counts changes: two equal numbers mean the same cluster. */
  long version();
}
