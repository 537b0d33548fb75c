package minik8s.scheduler.framework;

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

  /** On how many nodes an image is present. */
  int holdersOf(String image);

  /** Where the pods of one controller are: pods per node name. */
  java.util.Map<String, Integer> podsPerNode(String owner);

  /** Counts changes: two equal numbers mean the same cluster. */
  long version();
}
