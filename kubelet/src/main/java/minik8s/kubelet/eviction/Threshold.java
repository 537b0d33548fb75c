package minik8s.kubelet.eviction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.api.Quantity;

/**
 * When the node is short of something. Immutable.
 *
 * @param amount an amount such as {@code 100Mi}, or a share such as {@code 10%}
 * @param grace how long it must last before a pod has to go; zero for at once
 * @param reclaim how much more must be available before the node is no longer short; same forms
 */
public record Threshold(Signal signal, String amount, Duration grace, String reclaim) {
  /** Kubernetes' own for Linux. */
  public static final String HARD =
      "memory.available<100Mi,nodefs.available<10%,imagefs.available<15%,pid.available<10%";

  /** Signals of Kubernetes that this kubelet cannot measure. */
  private static final List<String> UNMEASURED =
      List.of("nodefs.inodesFree", "imagefs.inodesFree", "allocatableMemory.available");

  /** Whether a pod has to go without delay. */
  boolean hard() {
    return grace.isZero();
  }

  /**
   * Reads flags.
   *
   * @param text such as {@code memory.available<100Mi,nodefs.available<10%}; empty for none
   * @param graces by signal; a signal without one is hard
   * @param reclaims by signal
   * @throws IllegalArgumentException naming what is wrong
   */
  public static List<Threshold> parse(
      String text, Map<String, Duration> graces, Map<String, String> reclaims) {
    List<Threshold> thresholds = new ArrayList<>();
    for (String part : text.split(",")) {
      if (part.isBlank()) {
        continue;
      }
      String[] sides = part.strip().split("<", 2);
      if (sides.length < 2) {
        throw new IllegalArgumentException(
            "\"" + part + "\" is no threshold such as memory.available<100Mi");
      }
      if (UNMEASURED.contains(sides[0])) {
        continue;
      }
      thresholds.add(
          new Threshold(
              signal(sides[0]),
              checked(sides[1]),
              graces.getOrDefault(sides[0], Duration.ZERO),
              checked(reclaims.getOrDefault(sides[0], "0"))));
    }
    return thresholds;
  }

  private static Signal signal(String text) {
    for (Signal signal : Signal.values()) {
      if (signal.text().equals(text)) {
        return signal;
      }
    }
    throw new IllegalArgumentException("unsupported eviction signal \"" + text + "\"");
  }

  private static String checked(String amount) {
    var _ = resolve(amount, 1);
    return amount;
  }

  /** The least that must be available of a capacity. */
  long least(long capacity) {
    return resolve(amount, capacity);
  }

  /** The least that must be available again before the node is no longer short. */
  long enough(long capacity) {
    return least(capacity) + resolve(reclaim, capacity);
  }

  private static long resolve(String amount, long capacity) {
    if (amount.endsWith("%")) {
      return (long) (capacity * Double.parseDouble(amount.substring(0, amount.length() - 1)) / 100);
    }
    return new Quantity(amount).value();
  }
}
