package minik8s.kubelet.metrics;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.PodRef;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document {@code /stats/summary}. Thread-safe; it remembers earlier looks, for rates.
 *
 * <p>Source: Kubernetes' {@code pkg/apis/stats/v1alpha1}.
 */
final class StatsSummary {
  private final String node;
  private final Instant bootedAt;
  private final CpuRates rates = new CpuRates();

  StatsSummary(String node, Instant bootedAt) {
    this.node = node;
    this.bootedAt = bootedAt;
  }

  ObjectNode render(NodeSample sample, MachineFacts machine) {
    ObjectNode document = Json.object();
    ObjectNode own = document.putObject("node");
    String at = time(sample.at());
    own.put("nodeName", node).putArray("systemContainers");
    own.put("startTime", time(bootedAt));
    own.set("cpu", cpu("/", sample.at(), sample.cpu().totalNanos()));
    ObjectNode memory = memory(at, sample.memory());
    memory.put("availableBytes", Math.max(0, machine.memory() - sample.memory().workingSet()));
    own.set("memory", memory);
    own.set("network", network(at, sample.networks()));
    own.set("fs", fileSystem(at, machine, machine.fileSystem().usedBytes()));
    own.putObject("runtime")
        .set("imageFs", fileSystem(at, machine, machine.fileSystem().usedBytes()));
    ArrayNode pods = document.putArray("pods");
    byPod(sample).forEach((pod, parts) -> pods.add(pod(pod, parts, sample, machine)));
    Set<String> seen = new HashSet<>(Set.of("/"));
    sample
        .containers()
        .forEach(c -> {
          seen.add(c.container().id());
          seen.add(c.container().pod().uid());
        });
    rates.retain(seen);
    return document;
  }

  private static Map<PodRef, List<ContainerSample>> byPod(NodeSample sample) {
    Map<PodRef, List<ContainerSample>> pods = new LinkedHashMap<>();
    for (ContainerSample c : sample.containers()) {
      pods.computeIfAbsent(c.container().pod(), _ -> new ArrayList<>()).add(c);
    }
    return pods;
  }

  private ObjectNode pod(
      PodRef ref, List<ContainerSample> parts, NodeSample sample, MachineFacts machine) {
    String at = time(sample.at());
    ObjectNode pod = Json.object();
    pod.putObject("podRef")
        .put("name", ref.name())
        .put("namespace", ref.namespace())
        .put("uid", ref.uid());
    pod.put(
        "startTime",
        time(
            parts.stream()
                .map(ContainerSample::startedAt)
                .min(Instant::compareTo)
                .orElse(sample.at())));
    ArrayNode containers = pod.putArray("containers");
    long nanos = 0;
    long[] sums = new long[5];
    long layers = 0;
    List<NetworkUse> networks = new ArrayList<>();
    for (ContainerSample part : parts) {
      if (!part.container().sandbox()) {
        containers.add(container(part, sample.at(), machine));
      }
      nanos += part.cpu().totalNanos();
      sums[0] += part.memory().usage();
      sums[1] += part.memory().workingSet();
      sums[2] += part.memory().rss();
      sums[3] += part.memory().pageFaults();
      sums[4] += part.memory().majorPageFaults();
      layers += written(part);
      networks.addAll(part.networks());
    }
    pod.set("cpu", cpu(ref.uid(), sample.at(), nanos));
    pod.set("memory", memory(at, sums[0], sums[1], sums[2], sums[3], sums[4]));
    if (!networks.isEmpty()) {
      pod.set("network", network(at, networks));
    }
    pod.set("ephemeral-storage", fileSystem(at, machine, layers));
    return pod;
  }

  private static long written(ContainerSample part) {
    ContainerSample.More more = part.more();
    return more == null ? 0 : Math.max(0, more.layerBytes()) + Math.max(0, more.logBytes());
  }

  private ObjectNode container(ContainerSample c, Instant at, MachineFacts machine) {
    ObjectNode container = Json.object();
    container.put("name", c.container().name()).put("startTime", time(c.startedAt()));
    container.set("cpu", cpu(c.container().id(), at, c.cpu().totalNanos()));
    ObjectNode memory = memory(time(at), c.memory());
    ContainerSample.More more = c.more();
    if (more != null && more.spec().memoryLimit() > 0) {
      memory.put(
          "availableBytes", Math.max(0, more.spec().memoryLimit() - c.memory().workingSet()));
    }
    container.set("memory", memory);
    if (more != null && more.layerBytes() >= 0) {
      container.set("rootfs", fileSystem(time(at), machine, more.layerBytes()));
      container.set("logs", fileSystem(time(at), machine, Math.max(0, more.logBytes())));
    }
    return container;
  }

  private ObjectNode cpu(String key, Instant at, long nanos) {
    ObjectNode cpu = Json.object().put("time", time(at));
    rates.rate(key, at, nanos).ifPresent(rate -> cpu.put("usageNanoCores", rate));
    return cpu.put("usageCoreNanoSeconds", nanos);
  }

  private static ObjectNode memory(String at, Cgroup.MemoryUse use) {
    return memory(
        at, use.usage(), use.workingSet(), use.rss(), use.pageFaults(), use.majorPageFaults());
  }

  private static ObjectNode memory(
      String at, long usage, long workingSet, long rss, long faults, long majorFaults) {
    return Json.object()
        .put("time", at)
        .put("usageBytes", usage)
        .put("workingSetBytes", workingSet)
        .put("rssBytes", rss)
        .put("pageFaults", faults)
        .put("majorPageFaults", majorFaults);
  }

  private static ObjectNode network(String at, List<NetworkUse> networks) {
    ObjectNode network = Json.object().put("time", at);
    // Kubernetes shows the interface that has the pod's address at the top: eth0.
    networks.stream()
        .filter(n -> n.name().equals("eth0"))
        .findFirst()
        .ifPresent(n -> describe(n, network));
    ArrayNode interfaces = network.putArray("interfaces");
    networks.forEach(n -> describe(n, interfaces.addObject()));
    return network;
  }

  private static void describe(NetworkUse network, ObjectNode into) {
    into.put("name", network.name())
        .put("rxBytes", network.receivedBytes())
        .put("rxErrors", network.receiveErrors())
        .put("txBytes", network.sentBytes())
        .put("txErrors", network.sendErrors());
  }

  private static ObjectNode fileSystem(String at, MachineFacts machine, long used) {
    return Json.object()
        .put("time", at)
        .put("availableBytes", machine.fileSystem().availableBytes())
        .put("capacityBytes", machine.fileSystem().totalBytes())
        .put("usedBytes", used);
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
