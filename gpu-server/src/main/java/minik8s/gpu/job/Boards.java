package minik8s.gpu.job;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The boards of all clusters, by name; one comes into being when it is first asked for.
 * Thread-safe.
 */
final class Boards {
  private final Map<String, ClusterBoard> boards = new ConcurrentHashMap<>();

  ClusterBoard of(String cluster) {
    return boards.computeIfAbsent(cluster, _ -> new ClusterBoard());
  }
}
