package minik8s.kubelet.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import minik8s.api.ApiException;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.control.Timers;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.RuntimeFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Registers this node and reports on it: when something changed, and otherwise every five minutes.
 * {@link #step} is confined to the node's loop.
 */
public final class NodeReporter {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);
  private static final Duration AT_LEAST_EVERY = Duration.ofMinutes(5);
  private static final int MAX_IMAGES = 50;

  private final Api api;
  private final NodeFacts facts;
  private final ContainerRuntime runtime;
  private final Supplier<String> runtimeFailure;
  private final Supplier<Set<String>> pressures;
  private final Timers timers;
  private Node.@Nullable Status reported;
  private @Nullable Instant reportedAt;
  private String runtimeVersion = "";
  private List<Node.Image> images = List.of();
  private volatile boolean imagesStale = true;
  private volatile boolean registered;

  public NodeReporter(
      Api api,
      NodeFacts facts,
      ContainerRuntime runtime,
      Supplier<String> runtimeFailure,
      Supplier<Set<String>> pressures,
      Timers timers) {
    this.api = api;
    this.facts = facts;
    this.runtime = runtime;
    this.runtimeFailure = runtimeFailure;
    this.pressures = pressures;
    this.timers = timers;
  }

  /** Whether the API server has the node. */
  public boolean registered() {
    return registered;
  }

  /** The node's images came or went. */
  public void imagesChanged() {
    imagesStale = true;
  }

  /** Registers where needed and reports where something changed. */
  public void step() {
    try {
      Instant now = timers.clock().instant();
      if (reported != null) {
        reported = live();
      }
      if (reported == null) {
        register();
      }
      Node.Status before = reported;
      if (before == null) {
        return;
      }
      Node.Status next = status(before, now);
      boolean due =
          reportedAt == null || Duration.between(reportedAt, now).compareTo(AT_LEAST_EVERY) >= 0;
      if (due || !said(before, next)) {
        reported =
            api.patchStatus(Resources.NODES, ObjectKey.cluster(facts.name()), patch(next)).status();
        reportedAt = now;
        registered = true;
      }
    } catch (ApiException e) {
      LOG.warn("node {} not reported: {}", facts.name(), e.getMessage());
      if (e.notFound()) {
        reported = null;
      }
    }
  }

  /**
   * What the API server has now: while we were silent it may have been told that nothing is known
   * of this node, and that is ours to put right at once. Null when the node is gone.
   */
  private Node.@Nullable Status live() {
    return api.find(Resources.NODES, ObjectKey.cluster(facts.name()))
        .map(Node::status)
        .orElse(null);
  }

  /**
   * Whether the API server says all that this kubelet has to say. What others added to the status,
   * such as an extended resource or a condition of their own, is not ours and no reason to report.
   */
  private static boolean said(Node.Status server, Node.Status own) {
    return NodeConditions.standAmong(server.conditions(), own.conditions())
        && server.capacity().entrySet().containsAll(own.capacity().entrySet())
        && server.allocatable().entrySet().containsAll(own.allocatable().entrySet())
        && server.addresses().containsAll(own.addresses())
        && server.images().equals(own.images())
        && java.util.Objects.equals(server.nodeInfo(), own.nodeInfo())
        && java.util.Objects.equals(server.daemonEndpoints(), own.daemonEndpoints());
  }

  private void register() {
    ObjectKey key = ObjectKey.cluster(facts.name());
    Optional<Node> found = api.find(Resources.NODES, key);
    Node node = found.isPresent() ? found.get() : create();
    ObjectNode labels = Json.object();
    facts
        .allLabels()
        .forEach((name, value) -> {
          if (!value.equals(node.metadata().labels().get(name))) {
            labels.put(name, value);
          }
        });
    if (!labels.isEmpty()) {
      ObjectNode patch = Json.object();
      patch.putObject("metadata").set("labels", labels);
      api.patch(Resources.NODES, key, "", PatchType.MERGE, patch);
    }
    LOG.info("node {} registered", facts.name());
    reported = node.status();
    reportedAt = null;
  }

  private Node create() {
    ObjectNode node = Json.object();
    node.put("apiVersion", "v1").put("kind", "Node");
    ObjectNode meta = node.putObject("metadata").put("name", facts.name());
    ObjectNode labels = meta.putObject("labels");
    facts.allLabels().forEach(labels::put);
    ObjectNode spec = node.putObject("spec");
    if (!facts.taints().isEmpty()) {
      ArrayNode taints = spec.putArray("taints");
      facts.taints().forEach(taint -> taints.add(Json.tree(taint)));
    }
    try {
      return api.create(Resources.NODES, "", node);
    } catch (ApiException e) {
      if (e.alreadyExists()) {
        return api.get(Resources.NODES, ObjectKey.cluster(facts.name()));
      }
      throw e;
    }
  }

  private Node.Status status(Node.Status before, Instant now) {
    Map<String, minik8s.api.Quantity> capacity = facts.capacity();
    askRuntime();
    return new Node.Status(
        capacity,
        capacity,
        NodeConditions.of(
            new NodeConditions.Reading(runtimeFailure.get(), pressures.get()),
            before.conditions(),
            now),
        facts.addresses(),
        new Node.DaemonEndpoints(new Node.Endpoint(facts.port())),
        facts.systemInfo(runtimeVersion),
        images,
        before.phase());
  }

  private void askRuntime() {
    try {
      if (runtimeVersion.isEmpty()) {
        runtimeVersion = runtime.version();
      }
      if (imagesStale) {
        imagesStale = false;
        images =
            runtime.images().stream()
                .filter(image -> !image.names().isEmpty())
                .sorted(
                    Comparator.comparingLong(ContainerRuntime.Image::sizeBytes)
                        .reversed()
                        .thenComparing(ContainerRuntime.Image::id))
                .limit(MAX_IMAGES)
                .map(image -> new Node.Image(image.names(), image.sizeBytes()))
                .toList();
      }
    } catch (RuntimeFailure e) {
      imagesStale = true;
    }
  }

  /** A strategic merge patch that holds the kubelet's part of the status. */
  private static JsonNode patch(Node.Status status) {
    ObjectNode patch = Json.object();
    ObjectNode tree = Json.tree(status);
    tree.remove("phase");
    patch.set("status", tree);
    return patch;
  }
}
