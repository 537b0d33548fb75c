package minik8s.scheduler.framework;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which pods wait for room on which node. Confined to the scheduling loop; few at any time. */
final class Nominations {
  private final Map<String, String> nodes = new HashMap<>();
  private final Map<String, List<PodView>> perNode = new HashMap<>();

  /** Returns whether anything is different now. */
  boolean put(PodView pod, String node) {
    boolean same = node.equals(nodes.get(pod.id())) && on(node).contains(pod);
    if (!same) {
      remove(pod.id());
      nodes.put(pod.id(), node);
      List<PodView> more = new ArrayList<>(on(node));
      more.add(pod);
      perNode.put(node, List.copyOf(more));
    }
    return !same;
  }

  /** Returns the node where the pod was nominated, or null. */
  @Nullable String remove(String podId) {
    String node = nodes.remove(podId);
    if (node != null) {
      List<PodView> rest = on(node).stream().filter(p -> !p.id().equals(podId)).toList();
      if (rest.isEmpty()) {
        perNode.remove(node);
      } else {
        perNode.put(node, rest);
      }
    }
    return node;
  }

  @Nullable String nodeOf(String podId) {
    return nodes.get(podId);
  }

  int size() {
    return nodes.size();
  }

  List<PodView> on(String node) {
    return perNode.getOrDefault(node, List.of());
  }
}
