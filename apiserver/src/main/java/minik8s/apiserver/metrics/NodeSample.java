package minik8s.apiserver.metrics;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet told of its node at one moment. Immutable.
 *
 * @param node the node as a whole; null when the kubelet does not tell
 * @param containers by pod and name
 */
record NodeSample(@Nullable Point node, Map<Place, Point> containers) {
  NodeSample {
    containers = Map.copyOf(containers);
  }

  /** A container by where it is. */
  record Place(String namespace, String pod, String container) {}

  /**
   * One measurement.
   *
   * @param cpuSeconds processor time since the start
   * @param memoryBytes the working set
   * @param started when the counter was zero; null when unknown
   */
  record Point(Instant time, double cpuSeconds, double memoryBytes, @Nullable Instant started) {}

  /**
   * Reads a kubelet's {@code /metrics/resource}.
   *
   * @param fetched the time of values whose lines carry none
   */
  static NodeSample read(String text, Instant fetched) {
    Map<Place, Draft> drafts = new HashMap<>();
    Draft node = new Draft();
    text.lines()
        .forEach(line -> ExpositionLine.read(line).ifPresent(sample -> note(sample, node, drafts)));
    Map<Place, Point> containers = new HashMap<>();
    drafts.forEach((place, draft) -> {
      if (draft.complete()) {
        containers.put(place, draft.point(fetched));
      }
    });
    return new NodeSample(node.complete() ? node.point(fetched) : null, containers);
  }

  private static void note(ExpositionLine line, Draft node, Map<Place, Draft> drafts) {
    switch (line.name()) {
      case "node_cpu_usage_seconds_total" -> node.cpu(line);
      case "node_memory_working_set_bytes" -> node.memory(line);
      case "container_cpu_usage_seconds_total" -> draft(line, drafts).cpu(line);
      case "container_memory_working_set_bytes" -> draft(line, drafts).memory(line);
      case "container_start_time_seconds" -> draft(line, drafts).start(line);
      default -> {}
    }
  }

  private static Draft draft(ExpositionLine line, Map<Place, Draft> drafts) {
    Place place =
        new Place(
            line.labels().getOrDefault("namespace", ""),
            line.labels().getOrDefault("pod", ""),
            line.labels().getOrDefault("container", ""));
    return drafts.computeIfAbsent(place, _ -> new Draft());
  }

  /** A point in the making. Confined to one reading. */
  private static final class Draft {
    private double cpu = -1;
    private double memory = -1;
    private @Nullable Instant time;
    private @Nullable Instant started;

    void cpu(ExpositionLine line) {
      cpu = line.value();
      time = line.time();
    }

    void memory(ExpositionLine line) {
      memory = line.value();
    }

    void start(ExpositionLine line) {
      started = Instant.ofEpochMilli(Math.round(line.value() * 1000));
    }

    boolean complete() {
      return cpu >= 0 && memory >= 0;
    }

    Point point(Instant fetched) {
      return new Point(time == null ? fetched : time, cpu, memory, started);
    }
  }
}
