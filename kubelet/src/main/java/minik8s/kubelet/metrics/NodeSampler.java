package minik8s.kubelet.metrics;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import minik8s.kubelet.runtime.ContainerInspector;
import minik8s.kubelet.runtime.ContainerInspector.Inspection;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.RuntimeFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the node's containers use, when asked and never on its own. Thread-safe. The engine is
 * asked once for each start of a container; everything else comes from the kernel's files.
 */
final class NodeSampler {
  private static final Logger LOG = LoggerFactory.getLogger(NodeSampler.class);

  private final Supplier<Map<String, ObservedContainer>> picture;
  private final ContainerInspector inspector;
  private final Cgroups cgroups;
  private final LayerSizes sizes;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** What stays as it is until the container ends. */
  private record Known(Instant startedAt, Inspection inspection, Cgroups.Located located) {}

  NodeSampler(
      Supplier<Map<String, ObservedContainer>> picture,
      ContainerInspector inspector,
      Cgroups cgroups,
      LayerSizes sizes,
      InstantSource clock) {
    this.picture = picture;
    this.inspector = inspector;
    this.cgroups = cgroups;
    this.sizes = sizes;
    this.clock = clock;
  }

  /** Processor, memory and network only, which is what autoscaling needs. */
  NodeSample usage() {
    return sample(false);
  }

  /** Everything. */
  NodeSample all() {
    return sample(true);
  }

  private NodeSample sample(boolean all) {
    Map<String, ObservedContainer> seen = picture.get();
    known.keySet().retainAll(seen.keySet());
    sizes.retain(seen.keySet());
    List<ContainerSample> samples = new ArrayList<>(seen.size());
    seen.values().stream()
        .filter(ObservedContainer::running)
        .sorted(
            Comparator.comparing((ObservedContainer c) -> c.pod().namespace())
                .thenComparing(c -> c.pod().name())
                .thenComparing(ObservedContainer::name)
                .thenComparing(ObservedContainer::id))
        .forEach(container -> measure(container, all, samples));
    Cgroup root = cgroups.root().group();
    return new NodeSample(
        clock.instant(),
        root.cpu(),
        root.memory(),
        networks(1),
        all ? root.disks() : List.of(),
        samples);
  }

  private void measure(ObservedContainer container, boolean all, List<ContainerSample> into) {
    if (!(container.state() instanceof ObservedContainer.State.Running running)) {
      return;
    }
    Known facts = facts(container, running.startedAt());
    // Ended since the picture was drawn, or the engine does not answer: no series is the truth.
    if (facts == null) {
      return;
    }
    Cgroup group = facts.located().group();
    Cgroup.CpuUse cpu = group.cpu();
    if (cpu.totalNanos() == 0 && !container.sandbox()) {
      // A container that has run used processor time: its group is gone.
      return;
    }
    boolean ownNetwork = container.sandbox() && !facts.inspection().hostNetwork();
    into.add(
        new ContainerSample(
            container,
            running.startedAt(),
            cpu,
            group.memory(),
            ownNetwork ? networks(facts.inspection().pid()) : List.of(),
            all ? more(container.id(), facts) : null));
  }

  private ContainerSample.More more(String id, Known facts) {
    Inspection inspection = facts.inspection();
    Cgroup group = facts.located().group();
    LayerSizes.Size size = sizes.of(id, inspection.writableLayer(), inspection.folder());
    return new ContainerSample.More(
        facts.located().id(),
        inspection.image(),
        inspection.engineName(),
        group.disks(),
        group.spec(),
        group.tasks(),
        size.layerBytes(),
        size.logBytes());
  }

  private @org.jspecify.annotations.Nullable Known facts(
      ObservedContainer container, Instant startedAt) {
    Known before = known.get(container.id());
    if (before != null && before.startedAt().equals(startedAt)) {
      return before;
    }
    try {
      Inspection inspection = inspector.look(container.id()).orElse(null);
      if (inspection == null) {
        return null;
      }
      Known now = new Known(startedAt, inspection, cgroups.of(inspection.pid()));
      if (now.located().id().equals("/")) {
        return null;
      }
      known.put(container.id(), now);
      return now;
    } catch (RuntimeFailure e) {
      LOG.debug("container {} cannot be measured: {}", container.id(), e.getMessage());
      return null;
    }
  }

  private List<NetworkUse> networks(long pid) {
    return NetworkUse.parse(
        Texts.read(cgroups.proc().resolve(Long.toString(pid)).resolve("net/dev")));
  }
}
