package minik8s.scheduler.framework;

import java.util.HashMap;
import java.util.Map;
import minik8s.api.Quantity;

/**
 * Resources as whole numbers, so that adding and comparing is exact and cheap. Immutable.
 *
 * @param cpu millicores
 * @param memory bytes
 * @param storage bytes of ephemeral storage
 * @param pods how many pods
 * @param extended every other resource by name, in units
 */
public record Amounts(long cpu, long memory, long storage, long pods, Map<String, Long> extended) {
  public static final Amounts NONE = new Amounts(0, 0, 0, 0, Map.of());

  public Amounts {
    extended = Map.copyOf(extended);
  }

  /**
   * Reads amounts by resource name.
   *
   * @throws IllegalArgumentException when one is no quantity
   */
  public static Amounts of(Map<String, Quantity> quantities) {
    long cpu = 0;
    long memory = 0;
    long storage = 0;
    long pods = 0;
    Map<String, Long> extended = Map.of();
    for (Map.Entry<String, Quantity> entry : quantities.entrySet()) {
      Quantity amount = entry.getValue();
      switch (entry.getKey()) {
        case "cpu" -> cpu = amount.milliValue();
        case "memory" -> memory = amount.value();
        case "ephemeral-storage" -> storage = amount.value();
        case "pods" -> pods = amount.value();
        default -> {
          extended = extended.isEmpty() ? new HashMap<>() : extended;
          extended.put(entry.getKey(), amount.value());
        }
      }
    }
    return new Amounts(cpu, memory, storage, pods, extended);
  }

  /** Both together. */
  public Amounts plus(Amounts other) {
    return new Amounts(
        cpu + other.cpu,
        memory + other.memory,
        storage + other.storage,
        pods + other.pods,
        merge(other, 1));
  }

  public Amounts minus(Amounts other) {
    return new Amounts(
        cpu - other.cpu,
        memory - other.memory,
        storage - other.storage,
        pods - other.pods,
        merge(other, -1));
  }

  private Map<String, Long> merge(Amounts other, int sign) {
    if (other.extended.isEmpty()) {
      return extended;
    }
    Map<String, Long> sum = new HashMap<>(extended);
    other.extended.forEach((name, amount) -> sum.merge(name, sign * amount, Long::sum));
    return sum;
  }

  /** The larger amount of each resource. */
  public Amounts max(Amounts other) {
    Map<String, Long> larger = new HashMap<>(extended);
    other.extended.forEach((name, amount) -> larger.merge(name, amount, Math::max));
    return new Amounts(
        Math.max(cpu, other.cpu),
        Math.max(memory, other.memory),
        Math.max(storage, other.storage),
        Math.max(pods, other.pods),
        larger);
  }

  /** The amount of any resource by its name; 0 when there is none. */
  public long of(String name) {
    return switch (name) {
      case "cpu" -> cpu;
      case "memory" -> memory;
      case "ephemeral-storage" -> storage;
      case "pods" -> pods;
      default -> extended(name);
    };
  }

  /** Whether this is no resource that every node has, such as {@code nvidia.com/gpu}. */
  public static boolean isExtended(String name) {
    return switch (name) {
      case "cpu", "memory", "ephemeral-storage", "pods" -> false;
      default -> true;
    };
  }

  /** The amount of an extended resource; 0 when there is none. */
  public long extended(String name) {
    return extended.getOrDefault(name, 0L);
  }
}
