package minik8s.scheduler.framework;

import java.util.HashMap;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.PodSpec;
import minik8s.api.Quantity;

/**
 * How much a pod needs of each resource at the worst moment of its life. Immutable. Source:
 * Kubernetes' {@code resource.PodRequests}.
 *
 * @param weighedCpu millicores that scores count: a container without a request counts 100
 * @param weighedMemory bytes that scores count: a container without a request counts 200 MiB
 */
record PodAmounts(Amounts requests, long weighedCpu, long weighedMemory) {
  /** Kubernetes' {@code DefaultMilliCPURequest}. */
  private static final long DEFAULT_CPU = 100;

  /** Kubernetes' {@code DefaultMemoryRequest}. */
  private static final long DEFAULT_MEMORY = 200L << 20;

  private static final PodAmounts NONE = new PodAmounts(Amounts.NONE, 0, 0);

  /**
   * Init containers run one by one, each beside the sidecars started before it; the containers run
   * together, beside all sidecars. What the pod as a whole asks for goes before all that.
   *
   * @throws IllegalArgumentException when a request is no quantity
   */
  static PodAmounts of(PodSpec spec) {
    PodAmounts sidecars = NONE;
    PodAmounts starting = NONE;
    for (Container container : spec.initContainers()) {
      PodAmounts one = of(container);
      if (container.restartPolicy().equals("Always")) {
        sidecars = sidecars.plus(one);
        starting = starting.max(sidecars);
      } else {
        starting = starting.max(sidecars.plus(one));
      }
    }
    PodAmounts running = sidecars;
    for (Container container : spec.containers()) {
      running = running.plus(of(container));
    }
    PodAmounts peak = running.max(starting);
    Container.Resources whole = spec.resources();
    if (whole != null) {
      peak = peak.under(requests(whole));
    }
    Amounts overhead = Amounts.of(spec.overhead());
    return new PodAmounts(
        peak.requests.plus(overhead),
        peak.weighedCpu + overhead.cpu(),
        peak.weighedMemory + overhead.memory());
  }

  private static PodAmounts of(Container container) {
    Map<String, Quantity> wanted = requests(container.resources());
    Amounts amounts = Amounts.of(wanted);
    return new PodAmounts(
        amounts,
        wanted.containsKey("cpu") ? amounts.cpu() : DEFAULT_CPU,
        wanted.containsKey("memory") ? amounts.memory() : DEFAULT_MEMORY);
  }

  /** A limit without a request is the request, as Kubernetes' defaults have it. */
  private static Map<String, Quantity> requests(Container.Resources resources) {
    if (resources.limits().isEmpty()) {
      return resources.requests();
    }
    Map<String, Quantity> all = new HashMap<>(resources.limits());
    all.putAll(resources.requests());
    return all;
  }

  private PodAmounts plus(PodAmounts other) {
    return new PodAmounts(
        requests.plus(other.requests),
        weighedCpu + other.weighedCpu,
        weighedMemory + other.weighedMemory);
  }

  private PodAmounts max(PodAmounts other) {
    return new PodAmounts(
        requests.max(other.requests),
        Math.max(weighedCpu, other.weighedCpu),
        Math.max(weighedMemory, other.weighedMemory));
  }

  /** With the pod's own amounts in place of the sums of its containers. */
  private PodAmounts under(Map<String, Quantity> whole) {
    Amounts own = Amounts.of(whole);
    boolean cpu = whole.containsKey("cpu");
    boolean memory = whole.containsKey("memory");
    return new PodAmounts(
        new Amounts(
            cpu ? own.cpu() : requests.cpu(),
            memory ? own.memory() : requests.memory(),
            requests.storage(),
            requests.pods(),
            requests.extended()),
        cpu ? own.cpu() : weighedCpu,
        memory ? own.memory() : weighedMemory);
  }
}
