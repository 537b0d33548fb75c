package minik8s.kubelet.eviction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import minik8s.api.Container;
import minik8s.api.Quantity;
import minik8s.api.Volume;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node is short of something, and which pod has to go. Pure. Source: Kubernetes' {@code
 * eviction_manager.go} and {@code helpers.go}.
 */
public final class EvictionPlan {
  /** Pods of this priority and above are the cluster's own and stay. */
  private static final int CRITICAL = 2_000_000_000;

  private static final List<String> UNITS = List.of("", "Ki", "Mi", "Gi", "Ti");

  /** What is remembered from one look to the next. */
  public record Memory(Map<Threshold, Instant> since, Map<String, Instant> lastSeen) {
    public static final Memory NONE = new Memory(Map.of(), Map.of());

    public Memory {
      since = Map.copyOf(since);
      lastSeen = Map.copyOf(lastSeen);
    }
  }

  /**
   * What the look has shown.
   *
   * @param conditions of pressure that hold
   * @param due the threshold that something has to be done about now; null for none
   */
  public record Finding(Memory memory, Set<String> conditions, @Nullable Threshold due) {}

  private EvictionPlan() {}

  /**
   * Looks at the node.
   *
   * @param transition how long a condition lasts at least after it was last seen
   */
  public static Finding look(
      List<Threshold> thresholds,
      Map<Signal, Reading> readings,
      Memory before,
      Duration transition,
      Instant now) {
    Map<Threshold, Instant> since = new HashMap<>();
    Map<String, Instant> lastSeen = new HashMap<>(before.lastSeen());
    for (Threshold threshold : thresholds) {
      Instant began = before.since().get(threshold);
      if (met(threshold, readings, began != null)) {
        since.put(threshold, began == null ? now : began);
        lastSeen.put(threshold.signal().condition(), now);
      }
    }
    lastSeen.values().removeIf(seen -> !seen.equals(now) && !seen.plus(transition).isAfter(now));
    Threshold due =
        since.entrySet().stream()
            .filter(e -> !e.getValue().plus(e.getKey().grace()).isAfter(now))
            .map(Map.Entry::getKey)
            .min(
                Comparator.comparing(Threshold::signal)
                    .thenComparing(Threshold::grace)
                    .thenComparing(Threshold::amount))
            .orElse(null);
    return new Finding(new Memory(since, lastSeen), new TreeSet<>(lastSeen.keySet()), due);
  }

  private static boolean met(Threshold threshold, Map<Signal, Reading> readings, boolean wasMet) {
    Reading reading = readings.get(threshold.signal());
    if (reading == null || reading.capacity() <= 0) {
      return false;
    }
    long least =
        wasMet ? threshold.enough(reading.capacity()) : threshold.least(reading.capacity());
    return reading.available() < least;
  }

  /** The pods that may go, the first to go first. */
  public static List<PodUse> ranked(Signal signal, List<PodUse> pods) {
    Comparator<PodUse> byPriority = Comparator.comparingInt(PodUse::priority);
    Comparator<PodUse> byExcess =
        Comparator.comparingLong((PodUse p) -> p.of(signal) - p.requested(signal)).reversed();
    Comparator<PodUse> order =
        switch (signal) {
          case PIDS ->
              byPriority.thenComparing(
                  Comparator.comparingLong((PodUse p) -> p.of(signal)).reversed());
          case MEMORY, NODE_DISK, IMAGE_DISK ->
              Comparator.comparing((PodUse p) -> p.of(signal) <= p.requested(signal))
                  .thenComparing(byPriority)
                  .thenComparing(byExcess);
        };
    return pods.stream().filter(p -> p.priority() < CRITICAL).sorted(order).toList();
  }

  /** What the pod's owner is told. */
  public static String message(Threshold threshold, Reading reading, PodUse use) {
    Signal signal = threshold.signal();
    StringBuilder text = new StringBuilder();
    text.append("The node was low on resource: ").append(signal.resource()).append(". ");
    text.append("Threshold quantity: ")
        .append(quantity(signal, threshold.least(reading.capacity())));
    text.append(", available: ").append(quantity(signal, reading.available())).append(". ");
    Map<String, Long> used = signal == Signal.MEMORY ? use.memory() : use.layers();
    if (signal != Signal.PIDS) {
      for (Container container : use.pod().spec().containers()) {
        long amount = used.getOrDefault(container.name(), 0L);
        long asked = PodUse.amount(container.resources().requests().get(signal.resource()));
        if (amount > asked) {
          text.append("Container ").append(container.name()).append(" was using ");
          text.append(quantity(signal, amount)).append(", request is ");
          text.append(asked == 0 ? "0" : quantity(signal, asked));
          text.append(", has larger consumption of ").append(signal.resource()).append(". ");
        }
      }
    }
    return text.toString();
  }

  /** Whole Ki, as Kubernetes rounds them. */
  private static String quantity(Signal signal, long amount) {
    return signal == Signal.PIDS ? Long.toString(amount) : amount / 1024 + "Ki";
  }

  /**
   * Why a pod has to go for what it has written itself, the node being short of nothing; in the
   * order in which Kubernetes looks.
   */
  public static List<String> overLimits(PodUse use) {
    List<String> reasons = new ArrayList<>();
    for (Volume volume : use.pod().spec().volumes()) {
      Quantity limit = volume.emptyDir() == null ? null : volume.emptyDir().sizeLimit();
      if (limit != null && use.volumes().getOrDefault(volume.name(), 0L) > limit.value()) {
        reasons.add(
            "Usage of EmptyDir volume \""
                + volume.name()
                + "\" exceeds the limit \""
                + limit
                + "\". ");
      }
    }
    Map<String, Long> limits = new HashMap<>();
    for (Container container : use.pod().spec().containers()) {
      Quantity limit = container.resources().limits().get("ephemeral-storage");
      if (limit != null) {
        limits.put(container.name(), limit.value());
      }
    }
    long total = limits.values().stream().mapToLong(Long::longValue).sum();
    if (limits.size() == use.pod().spec().containers().size() && use.disk() > total) {
      reasons.add(
          "Pod ephemeral local storage usage exceeds the total limit of containers "
              + plain(total)
              + ". ");
    }
    for (Container container : use.pod().spec().containers()) {
      Long limit = limits.get(container.name());
      if (limit != null && use.layers().getOrDefault(container.name(), 0L) > limit) {
        reasons.add(
            "Container "
                + container.name()
                + " exceeded its local ephemeral storage limit \""
                + container.resources().limits().get("ephemeral-storage")
                + "\". ");
      }
    }
    return reasons;
  }

  private static String plain(long bytes) {
    long amount = bytes;
    int unit = 0;
    while (amount != 0 && amount % 1024 == 0 && unit + 1 < UNITS.size()) {
      amount /= 1024;
      unit++;
    }
    return amount + UNITS.get(unit);
  }
}
