package minik8s.e2e;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;

/**
 * Every start of a container of one cluster, as Docker itself reports it while this is open.
 * Thread-safe.
 */
final class DockerEvents implements AutoCloseable {
  private final Running events;

  DockerEvents(TestCluster cluster) {
    events =
        Programs.start(
            List.of(
                "docker",
                "events",
                "--filter",
                "type=container",
                "--filter",
                "event=start",
                "--filter",
                "label=io.minik8s.cluster=" + cluster.id(),
                "--format",
                "{{json .}}"),
            Map.of());
  }

  /** How often each container of each pod was started: keyed by pod uid and container name. */
  Map<String, Long> starts() {
    return events.lines().stream()
        .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)).at("/Actor/Attributes"))
        .collect(Collectors.groupingBy(DockerEvents::container, Collectors.counting()));
  }

  private static String container(JsonNode labels) {
    return labels.path("io.kubernetes.pod.name").asString()
        + " "
        + labels.path("io.kubernetes.pod.uid").asString()
        + " "
        + labels.path("io.kubernetes.container.name").asString();
  }

  @Override
  public void close() {
    events.close();
  }
}
