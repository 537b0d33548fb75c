package minik8s.apiserver.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The documents of {@code metrics.k8s.io/v1beta1} about nodes and pods. Thread-safe. Source:
 * metrics-server's {@code pkg/api}.
 */
public final class MetricsDocuments {
  private static final String VERSION = "metrics.k8s.io/v1beta1";

  private final MetricsSampler sampler;

  /** Documents of what {@code sampler} knows. */
  public MetricsDocuments(MetricsSampler sampler) {
    this.sampler = sampler;
  }

  /** The metrics of those of these nodes that tell any. */
  public List<ObjectNode> nodes(List<ObjectNode> nodes) throws InterruptedException {
    Set<String> names = new HashSet<>();
    nodes.forEach(node -> names.add(name(node)));
    Map<String, NodeUsage> known = sampler.of(names);
    List<ObjectNode> documents = new ArrayList<>();
    for (ObjectNode node : nodes) {
      NodeUsage usage = known.get(name(node));
      Usage whole = usage == null ? null : usage.node();
      if (whole != null) {
        ObjectNode document = document("NodeMetrics", node, whole);
        whole.write(document.putObject("usage"));
        documents.add(document);
      }
    }
    return documents;
  }

  /** The metrics of those of these pods that run and tell any. */
  public List<ObjectNode> pods(List<ObjectNode> pods) throws InterruptedException {
    List<ObjectNode> running =
        pods.stream()
            .filter(pod -> pod.path("status").path("phase").asString("").equals("Running"))
            .toList();
    Set<String> nodes = new HashSet<>();
    running.forEach(pod -> nodes.add(pod.path("spec").path("nodeName").asString("")));
    Map<String, NodeUsage> known = sampler.of(nodes);
    List<ObjectNode> documents = new ArrayList<>();
    for (ObjectNode pod : running) {
      NodeUsage usage = known.get(pod.path("spec").path("nodeName").asString(""));
      Map<String, Usage> containers =
          usage == null
              ? Map.of()
              : usage.pods().getOrDefault(namespace(pod) + "/" + name(pod), Map.of());
      if (!containers.isEmpty()) {
        documents.add(pod(pod, containers));
      }
    }
    return documents;
  }

  private static ObjectNode pod(ObjectNode pod, Map<String, Usage> containers) {
    Usage last =
        containers.values().stream().max(java.util.Comparator.comparing(Usage::time)).orElseThrow();
    Usage shown = last;
    for (Usage each : containers.values()) {
      Duration longest = shown.window();
      shown = each.window().compareTo(longest) > 0 ? each : shown;
    }
    ObjectNode document =
        document(
            "PodMetrics",
            pod,
            new Usage(last.time(), shown.window(), last.cores(), last.memoryBytes()));
    ArrayNode list = document.putArray("containers");
    containers.forEach((name, usage) -> {
      ObjectNode container = list.addObject().put("name", name);
      usage.write(container.putObject("usage"));
    });
    return document;
  }

  private static ObjectNode document(String kind, JsonNode object, Usage usage) {
    ObjectNode document = Json.object().put("kind", kind).put("apiVersion", VERSION);
    ObjectNode metadata = document.putObject("metadata").put("name", name(object));
    if (!namespace(object).isEmpty()) {
      metadata.put("namespace", namespace(object));
    }
    metadata.put("creationTimestamp", Json.time(usage.time()));
    if (object.path("metadata").path("labels") instanceof ObjectNode labels && !labels.isEmpty()) {
      metadata.set("labels", labels);
    }
    document.put("timestamp", Json.time(usage.time())).put("window", usage.windowText());
    return document;
  }

  private static String name(JsonNode object) {
    return object.path("metadata").path("name").asString("");
  }

  private static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asString("");
  }
}
