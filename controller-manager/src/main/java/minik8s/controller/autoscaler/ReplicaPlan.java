package minik8s.controller.autoscaler;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import minik8s.api.Condition;
import minik8s.api.Pod;

/**
 * How many pods a measure calls for. Pure. Source: Kubernetes' {@code replica_calculator.go}.
 *
 * <p>Pods that are not ready yet and pods without a reading are counted against the direction in
 * which the size would go, so that neither makes it go too far.
 */
final class ReplicaPlan {
  /** How long after its start a pod's processor says little. */
  static final Duration CPU_INITIALIZATION = Duration.ofMinutes(5);

  /** How long after its start a pod may take to report that it is not ready. */
  static final Duration INITIAL_READINESS = Duration.ofSeconds(30);

  private ReplicaPlan() {}

  /**
   * An answer. Immutable.
   *
   * @param replicas the size called for
   * @param utilization percent of the requests; 0 where nothing is requested
   * @param average per pod with a reading
   */
  record Answer(int replicas, int utilization, double average) {}

  /** The pods by how they count. */
  record Groups(int ready, Set<String> unready, Set<String> missing, Set<String> ignored) {
    static Groups of(
        Collection<Pod> pods, Map<String, Reading> readings, boolean cpu, Instant now) {
      int ready = 0;
      Set<String> unready = new HashSet<>();
      Set<String> missing = new HashSet<>();
      Set<String> ignored = new HashSet<>();
      for (Pod pod : pods) {
        String name = pod.metadata().name();
        Reading reading = readings.get(name);
        if (pod.metadata().deleting() || pod.status().phase().equals("Failed")) {
          ignored.add(name);
        } else if (pod.status().phase().equals("Pending")) {
          unready.add(name);
        } else if (reading == null) {
          missing.add(name);
        } else if (cpu && warmingUp(pod, reading, now)) {
          unready.add(name);
        } else {
          ready++;
        }
      }
      return new Groups(ready, unready, missing, ignored);
    }

    private static boolean warmingUp(Pod pod, Reading reading, Instant now) {
      Condition ready = Condition.find(pod.status().conditions(), "Ready");
      Instant start = pod.status().startTime();
      if (ready == null || start == null) {
        return true;
      }
      boolean unready = ready.status().equals("False");
      Instant turned = ready.lastTransitionTime() == null ? start : ready.lastTransitionTime();
      return start.plus(CPU_INITIALIZATION).isAfter(now)
          ? unready || reading.time().isBefore(turned.plus(reading.window()))
          : unready && start.plus(INITIAL_READINESS).isAfter(turned);
    }
  }

  /**
   * The size at which the pods use a share of what they request.
   *
   * @param requests per pod, in the unit of the readings
   * @param target percent
   * @throws NoAnswer when there is nothing to go by
   */
  static Answer utilization(
      int current,
      int target,
      Map<String, Reading> measured,
      Map<String, Double> requests,
      Groups groups,
      Tolerances tolerances) {
    return decide(
        current,
        measured,
        groups,
        tolerances,
        readings -> ratio(readings, requests) / (double) target,
        name -> requests.getOrDefault(name, 0.0) * Math.max(100, target) / 100,
        readings -> ratio(readings, requests));
  }

  private static int ratio(Map<String, Reading> readings, Map<String, Double> requests) {
    double used = 0;
    double requested = 0;
    for (Map.Entry<String, Reading> each : readings.entrySet()) {
      Double request = requests.get(each.getKey());
      if (request != null) {
        used += each.getValue().amount();
        requested += request;
      }
    }
    if (requested <= 0) {
      throw new NoAnswer("no metrics returned matched known pods");
    }
    return (int) (used * 100 / requested);
  }

  /**
   * The size at which each pod has this much of something.
   *
   * @throws NoAnswer when there is nothing to go by
   */
  static Answer average(
      int current,
      double target,
      Map<String, Reading> measured,
      Groups groups,
      Tolerances tolerances) {
    return decide(
        current,
        measured,
        groups,
        tolerances,
        readings -> mean(readings) / target,
        _ -> target,
        _ -> 0);
  }

  private static double mean(Map<String, Reading> readings) {
    return readings.values().stream().mapToDouble(Reading::amount).average().orElse(0);
  }

  /** The unready and missing pods' rule, the same for both. */
  private static Answer decide(
      int current,
      Map<String, Reading> measured,
      Groups groups,
      Tolerances tolerances,
      ToDoubleFunction<Map<String, Reading>> ratioOf,
      ToDoubleFunction<String> full,
      ToDoubleFunction<Map<String, Reading>> utilizationOf) {
    Map<String, Reading> readings = new HashMap<>(measured);
    readings.keySet().removeAll(groups.ignored());
    readings.keySet().removeAll(groups.unready());
    if (readings.isEmpty()) {
      throw new NoAnswer("did not receive metrics for targeted pods (pods might be unready)");
    }
    double ratio = ratioOf.applyAsDouble(readings);
    int utilization = (int) utilizationOf.applyAsDouble(readings);
    double average = mean(readings);
    boolean upWithUnready = !groups.unready().isEmpty() && ratio > 1;
    if (!upWithUnready && groups.missing().isEmpty()) {
      int size = tolerances.allow(ratio) ? current : (int) Math.ceil(ratio * groups.ready());
      return new Answer(size, utilization, average);
    }
    Reading blank = readings.values().iterator().next().of(0);
    for (String name : groups.missing()) {
      if (ratio < 1) {
        readings.put(name, blank.of(full.applyAsDouble(name)));
      } else if (ratio > 1) {
        readings.put(name, blank);
      }
    }
    if (upWithUnready) {
      groups.unready().forEach(name -> readings.put(name, blank));
    }
    double again = ratioOf.applyAsDouble(readings);
    boolean turned = (ratio < 1 && again > 1) || (ratio > 1 && again < 1);
    int size = (int) Math.ceil(again * readings.size());
    boolean backwards = (again < 1 && size > current) || (again > 1 && size < current);
    boolean stay = tolerances.allow(again) || turned || backwards;
    return new Answer(stay ? current : size, utilization, average);
  }

  /**
   * The size at which a number that all pods share comes to its target, if it goes with the size.
   *
   * @param ready how many pods make it what it is
   */
  static int shared(int current, double ratio, int ready, Tolerances tolerances) {
    return tolerances.allow(ratio) ? current : (int) Math.ceil(ratio * ready);
  }

  /**
   * The size at which each pod's share of a number is its target.
   *
   * @param current how many share it now
   */
  static int perPod(int current, double total, double target, Tolerances tolerances) {
    double ratio = total / (target * current);
    return current > 0 && tolerances.allow(ratio) ? current : (int) Math.ceil(total / target);
  }
}
