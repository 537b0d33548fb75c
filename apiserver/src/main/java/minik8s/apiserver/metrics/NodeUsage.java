package minik8s.apiserver.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import minik8s.apiserver.metrics.NodeSample.Place;
import org.jspecify.annotations.Nullable;

/**
 * What a node and its containers used between two samples. Immutable.
 *
 * @param node null when there is no telling
 * @param pods by {@code namespace/name}, each pod's containers by name
 */
record NodeUsage(@Nullable Usage node, Map<String, Map<String, Usage>> pods) {
  NodeUsage {
    pods = Map.copyOf(pods);
  }

  static NodeUsage between(@Nullable NodeSample before, NodeSample now) {
    Map<String, Map<String, Usage>> pods = new HashMap<>();
    now.containers()
        .forEach((place, point) -> {
          boolean real = !place.container().isEmpty() && !place.container().equals("POD");
          if (real) {
            Usage.between(before == null ? null : before.containers().get(place), point)
                .ifPresent(usage -> of(pods, place).put(place.container(), usage));
          }
        });
    NodeSample.Point node = now.node();
    Usage whole =
        node == null
            ? null
            : Usage.between(before == null ? null : before.node(), node).orElse(null);
    return new NodeUsage(whole, pods);
  }

  private static Map<String, Usage> of(Map<String, Map<String, Usage>> pods, Place place) {
    return pods.computeIfAbsent(place.namespace() + "/" + place.pod(), _ -> new TreeMap<>());
  }
}
