package minik8s.scheduler;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import minik8s.api.ApiException;
import minik8s.api.Pod;
import minik8s.scheduler.ClusterGateway.Room;
import minik8s.scheduler.framework.PodView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells pods beside the loop why they wait: one at a time per pod, and of several explanations that
 * pile up only the newest. Thread-safe; never blocks the caller.
 */
final class Explanations {
  private static final Logger LOG = LoggerFactory.getLogger(Explanations.class);

  private record Explanation(Pod pod, String reason, String message, Room room) {}

  private final ClusterGateway gateway;
  private final Executor writers;
  private final Map<String, Explanation> newest = new ConcurrentHashMap<>();

  Explanations(ClusterGateway gateway, Executor writers) {
    this.gateway = gateway;
    this.writers = writers;
  }

  /**
   * @param reason of the condition {@code PodScheduled}, such as {@code Unschedulable}
   */
  void give(Pod pod, String reason, String message) {
    give(pod, reason, message, Room.AS_BEFORE);
  }

  /**
   * @param room what becomes of the room kept for the pod on some node
   */
  void give(Pod pod, String reason, String message, Room room) {
    String id = PodView.idOf(pod);
    if (newest.put(id, new Explanation(pod, reason, message, room)) == null) {
      writers.execute(() -> write(id));
    }
  }

  private void write(String id) {
    for (Explanation next = newest.get(id); next != null; next = newest.get(id)) {
      try {
        gateway.explain(next.pod(), next.reason(), next.message(), next.room());
      } catch (ApiException e) {
        LOG.info("{}: condition not written: {}", next.pod().key(), e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("{}: condition not written", next.pod().key(), e);
      }
      if (newest.remove(id, next)) {
        return;
      }
    }
  }
}
