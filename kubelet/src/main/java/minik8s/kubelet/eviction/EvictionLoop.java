package minik8s.kubelet.eviction;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import minik8s.control.Timers;
import minik8s.kubelet.eviction.EvictionPlan.Finding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every ten seconds at what the node has left, and lets one pod at a time go while it is
 * short of something: the rest is looked at again first. {@link #step} is confined to the loop; the
 * pressures can be read from anywhere.
 */
public final class EvictionLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EvictionLoop.class);
  private static final Duration PERIOD = Duration.ofSeconds(10);

  /** How long a pod has when the node can't wait. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /**
   * What flags say.
   *
   * @param maxGrace what a pod has at most when a soft threshold sends it away
   * @param transition how long a condition lasts at least
   */
  public record Rules(List<Threshold> thresholds, Duration maxGrace, Duration transition) {}

  /** The node, as this loop sees and touches it. Thread-safe. */
  public interface Node {
    /** What is left of everything. */
    Map<Signal, Reading> readings();

    /** What the pods use that could go. */
    List<PodUse> uses();

    /** Of those, the ones that have limits on what they write. */
    List<PodUse> limitedUses();

    /** Removes ended containers and unused images. */
    void cleanUp();

    /** Lets a pod go. */
    void evict(PodUse use, String message, Duration grace);

    /** The pressures have changed. */
    void pressuresChanged();
  }

  private final Rules rules;
  private final Node node;
  private final Timers timers;
  private EvictionPlan.Memory memory = EvictionPlan.Memory.NONE;
  private volatile Set<String> pressures = Set.of();
  private volatile boolean closed;

  public EvictionLoop(Rules rules, Node node, Timers timers) {
    this.rules = rules;
    this.node = node;
    this.timers = timers;
  }

  /** Starts looking. */
  public void start() {
    if (!closed) {
      Thread.ofVirtual()
          .name("eviction")
          .start(() -> {
            try {
              step();
            } catch (RuntimeException e) {
              LOG.warn("the node's resources could not be looked at: {}", e.getMessage());
            }
            var _ = timers.after(PERIOD, this::start);
          });
    }
  }

  /** The conditions of pressure that hold. */
  public Supplier<Set<String>> pressures() {
    return () -> pressures;
  }

  /** One look, and at most one pod that has to go for the node's sake. */
  void step() {
    Threshold due = look(node.readings());
    if (due != null && due.signal().disk()) {
      node.cleanUp();
      due = look(node.readings());
    }
    if (due != null) {
      relieve(due);
    }
    for (PodUse use : node.limitedUses()) {
      List<String> reasons = EvictionPlan.overLimits(use);
      if (!reasons.isEmpty()) {
        node.evict(use, reasons.getFirst(), AT_ONCE);
      }
    }
  }

  private @Nullable Threshold look(Map<Signal, Reading> readings) {
    Instant now = timers.clock().instant();
    Finding finding =
        EvictionPlan.look(rules.thresholds(), readings, memory, rules.transition(), now);
    memory = finding.memory();
    if (!finding.conditions().equals(pressures)) {
      LOG.info("pressures on this node: {}", finding.conditions());
      pressures = Set.copyOf(finding.conditions());
      node.pressuresChanged();
    }
    return finding.due();
  }

  private void relieve(Threshold due) {
    Reading reading = node.readings().get(due.signal());
    List<PodUse> ranked = EvictionPlan.ranked(due.signal(), node.uses());
    if (reading == null || ranked.isEmpty()) {
      LOG.warn("short of {}, and no pod is left that could go", due.signal().text());
      return;
    }
    PodUse first = ranked.getFirst();
    node.evict(
        first, EvictionPlan.message(due, reading, first), due.hard() ? AT_ONCE : rules.maxGrace());
  }

  @Override
  public void close() {
    closed = true;
  }
}
