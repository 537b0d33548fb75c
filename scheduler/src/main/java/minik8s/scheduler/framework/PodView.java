package minik8s.scheduler.framework;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.api.PodSpec;
import minik8s.api.Quantity;

/**
 * A pod with what placement asks of it, worked out once. Immutable.
 *
 * @param requests what the pod reserves on its node, one pod included
 * @param weighedCpu millicores that scores count: a container without a request counts 100
 * @param weighedMemory bytes that scores count: a container without a request counts 200 MiB
 * @param owner uid of the controller; empty for a pod of its own
 * @param images normalized names of the containers' images
 */
public record PodView(
    Pod pod,
    Amounts requests,
    long weighedCpu,
    long weighedMemory,
    List<HostPort> hostPorts,
    String owner,
    List<String> images) {
  /** Kubernetes' {@code DefaultMilliCPURequest}. */
  private static final long DEFAULT_CPU = 100;

  /** Kubernetes' {@code DefaultMemoryRequest}. */
  private static final long DEFAULT_MEMORY = 200L << 20;

  /**
   * Works out what the pod asks for.
   *
   * @throws IllegalArgumentException when a request is no quantity
   */
  public static PodView of(Pod pod) {
    PodSpec spec = pod.spec();
    Amounts running = Amounts.NONE;
    Amounts starting = Amounts.NONE;
    long weighedCpu = 0;
    long weighedMemory = 0;
    List<HostPort> ports = new ArrayList<>(0);
    List<String> images = new ArrayList<>(spec.containers().size());
    for (Container container : spec.containers()) {
      Map<String, Quantity> wanted = requests(container);
      Amounts amounts = Amounts.of(wanted);
      running = running.plus(amounts);
      weighedCpu += wanted.containsKey("cpu") ? amounts.cpu() : DEFAULT_CPU;
      weighedMemory += wanted.containsKey("memory") ? amounts.memory() : DEFAULT_MEMORY;
      addHostPorts(container, spec.hostNetwork(), ports);
      images.add(Images.normalized(container.image()));
    }
    for (Container container : spec.initContainers()) {
      starting = starting.max(Amounts.of(requests(container)));
    }
    Amounts overhead = Amounts.of(spec.overhead());
    Amounts total = running.max(starting).plus(overhead);
    return new PodView(
        pod,
        total.plus(new Amounts(0, 0, 0, 1, Map.of())),
        Math.max(weighedCpu, starting.cpu()) + overhead.cpu(),
        Math.max(weighedMemory, starting.memory()) + overhead.memory(),
        List.copyOf(ports),
        pod.metadata().controllerRef().map(OwnerReference::uid).orElse(""),
        List.copyOf(images));
  }

  /** A limit without a request is the request, as Kubernetes' defaults have it. */
  private static Map<String, Quantity> requests(Container container) {
    Map<String, Quantity> limits = container.resources().limits();
    if (limits.isEmpty()) {
      return container.resources().requests();
    }
    Map<String, Quantity> all = new HashMap<>(limits);
    all.putAll(container.resources().requests());
    return all;
  }

  /** On the host's network each container port is a host port. */
  private static void addHostPorts(Container container, boolean hostNetwork, List<HostPort> into) {
    for (Container.Port port : container.ports()) {
      int number = hostNetwork && port.hostPort() == 0 ? port.containerPort() : port.hostPort();
      if (number > 0) {
        into.add(new HostPort(port.hostIP(), port.protocol(), number));
      }
    }
  }

  /** Identity for the scheduler's books: the uid, so that a namesake is another pod. */
  public String id() {
    return idOf(pod);
  }

  public static String idOf(Pod pod) {
    return pod.uid().isEmpty() ? pod.key().toString() : pod.uid();
  }

  public int priority() {
    Integer priority = pod.spec().priority();
    return priority == null ? 0 : priority;
  }

  /** Whether somebody has asked that this pod wait. */
  public boolean gated() {
    return !pod.spec().schedulingGates().isEmpty();
  }

  /** Whether placement sees no difference between the two but their names. */
  public boolean placedLike(PodView other) {
    PodSpec mine = pod.spec();
    PodSpec theirs = other.pod.spec();
    return requests.equals(other.requests)
        && hostPorts.equals(other.hostPorts)
        && mine.nodeSelector().equals(theirs.nodeSelector())
        && mine.tolerations().equals(theirs.tolerations())
        && java.util.Objects.equals(mine.affinity(), theirs.affinity())
        && pod.metadata().namespace().equals(other.pod.metadata().namespace())
        && pod.metadata().labels().equals(other.pod.metadata().labels());
  }
}
