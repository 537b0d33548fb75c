package minik8s.kubelet.metrics;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import minik8s.daemon.Exposition;
import minik8s.kubelet.runtime.ContainerInspector;
import minik8s.kubelet.runtime.ObservedContainer;
import tools.jackson.databind.node.ObjectNode;

/**
 * The three pages on which the kubelet shows what is used: {@code /metrics/cadvisor}, {@code
 * /metrics/resource} and {@code /stats/summary}. Thread-safe. Nothing is read until one is asked
 * for.
 */
public final class NodeMetrics {
  /** What the two pages of series are. */
  public static final String CONTENT_TYPE = Exposition.CONTENT_TYPE;

  private final NodeSampler sampler;
  private final StatsSummary summary;
  private final Path root;

  /**
   * @param node its name
   * @param root a folder on the file system that containers write to
   * @param picture the node's containers by id
   * @param walkers runs what takes long
   */
  public NodeMetrics(
      String node,
      Path root,
      Supplier<Map<String, ObservedContainer>> picture,
      ContainerInspector inspector,
      Executor walkers,
      InstantSource clock) {
    this.root = root;
    Cgroups cgroups = Cgroups.ofMachine();
    this.sampler =
        new NodeSampler(picture, inspector, cgroups, new LayerSizes(walkers, clock), clock);
    this.summary = new StatsSummary(node, bootedAt(Texts.read(cgroups.proc().resolve("stat"))));
  }

  private static Instant bootedAt(String stat) {
    return Instant.ofEpochSecond(Texts.field(stat, "btime"));
  }

  /**
   * What one running container uses now. Immutable.
   *
   * @param uid of its pod
   * @param layerBytes written over its image, and its log; 0 while not yet known
   */
  public record ContainerUse(
      String uid, String container, long workingSet, long layerBytes, long processes) {}

  /** What all running containers use, for whoever has to decide which pod goes. */
  public List<ContainerUse> uses() {
    return sampler.all().containers().stream().map(NodeMetrics::use).toList();
  }

  private static ContainerUse use(ContainerSample sample) {
    ContainerSample.More more = sample.more();
    return new ContainerUse(
        sample.container().pod().uid(),
        sample.container().name(),
        sample.memory().workingSet(),
        more == null ? 0 : Math.max(0, more.layerBytes()) + Math.max(0, more.logBytes()),
        more == null ? 0 : more.tasks());
  }

  /** cAdvisor's series, for dashboards. */
  public String cadvisor() {
    return CadvisorPage.render(sampler.all(), MachineFacts.read(root));
  }

  /** Processor and memory, for autoscaling. */
  public String resource() {
    return ResourcePage.render(sampler.usage());
  }

  /** All of it as one document. */
  public ObjectNode summary() {
    return summary.render(sampler.all(), MachineFacts.read(root));
  }
}
