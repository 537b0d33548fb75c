package minik8s.scheduler.framework;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import minik8s.api.Container;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.api.PodSpec;
import minik8s.api.Volume;

/**
 * A pod with what placement asks of it, worked out once. Immutable.
 *
 * @param requests what the pod reserves on its node, one pod included
 * @param weighedCpu millicores that scores count: a container without a request counts 100
 * @param weighedMemory bytes that scores count: a container without a request counts 200 MiB
 * @param owner uid of the controller; empty for a pod of its own
 * @param images normalized names of the containers' images
 * @param affinity what it says about the whereabouts of other pods
 * @param spread its topology spread constraints
 * @param claims the claims it uses, each {@code NAMESPACE/NAME}
 */
public record PodView(
    Pod pod,
    Amounts requests,
    long weighedCpu,
    long weighedMemory,
    List<HostPort> hostPorts,
    String owner,
    List<String> images,
    PodAffinities affinity,
    List<SpreadRule> spread,
    List<String> claims) {
  /**
   * Works out what the pod asks for.
   *
   * @throws IllegalArgumentException when a request is no quantity
   */
  public static PodView of(Pod pod) {
    PodSpec spec = pod.spec();
    PodAmounts amounts = PodAmounts.of(spec);
    List<HostPort> ports = new ArrayList<>(0);
    List<String> images = new ArrayList<>(spec.containers().size());
    for (Container container : spec.containers()) {
      addHostPorts(container, spec.hostNetwork(), ports);
      images.add(Images.normalized(container.image()));
    }
    return new PodView(
        pod,
        amounts.requests().plus(new Amounts(0, 0, 0, 1, Map.of())),
        amounts.weighedCpu(),
        amounts.weighedMemory(),
        List.copyOf(ports),
        pod.metadata().controllerRef().map(OwnerReference::uid).orElse(""),
        List.copyOf(images),
        PodAffinities.of(pod),
        spec.topologySpreadConstraints().stream().map(rule -> SpreadRule.of(rule, pod)).toList(),
        claims(pod));
  }

  /** A claim of the pod's own is named after the pod and the volume. */
  private static List<String> claims(Pod pod) {
    List<String> claims = new ArrayList<>(0);
    for (Volume volume : pod.spec().volumes()) {
      Volume.ClaimSource source = volume.persistentVolumeClaim();
      if (source != null) {
        claims.add(pod.metadata().namespace() + "/" + source.claimName());
      } else if (volume.ephemeral() != null) {
        claims.add(pod.key() + "-" + volume.name());
      }
    }
    return List.copyOf(claims);
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

  public String namespace() {
    return pod.metadata().namespace();
  }

  /** Whether others may have to leave for this pod. */
  public boolean mayPreempt() {
    return !pod.spec().preemptionPolicy().equals("Never");
  }

  /** Whether placement sees no difference between the two but their names. */
  public boolean placedLike(PodView other) {
    PodSpec mine = pod.spec();
    PodSpec theirs = other.pod.spec();
    return requests.equals(other.requests)
        && priority() == other.priority()
        && mine.preemptionPolicy().equals(theirs.preemptionPolicy())
        && mine.schedulerName().equals(theirs.schedulerName())
        && hostPorts.equals(other.hostPorts)
        && claims.equals(other.claims)
        && mine.nodeSelector().equals(theirs.nodeSelector())
        && mine.tolerations().equals(theirs.tolerations())
        && Objects.equals(mine.affinity(), theirs.affinity())
        && mine.topologySpreadConstraints().equals(theirs.topologySpreadConstraints())
        && owner.equals(other.owner)
        && pod.metadata().namespace().equals(other.pod.metadata().namespace())
        && pod.metadata().labels().equals(other.pod.metadata().labels());
  }
}
