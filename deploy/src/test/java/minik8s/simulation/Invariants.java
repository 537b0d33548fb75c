package minik8s.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Condition;
import minik8s.api.DaemonSet;
import minik8s.api.Deployment;
import minik8s.api.Job;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.StatefulSet;
import minik8s.kubelet.runtime.FakeRuntime;
import minik8s.kubelet.runtime.ObservedContainer;
import org.jspecify.annotations.Nullable;

/**
 * What must hold after every step, and what must hold once everything is at rest. Numbers are those
 * of {@code docs/invariants.md}. Remembers what it has seen; confined to one thread.
 */
final class Invariants {
  /** A rule was broken. */
  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
      super(message);
    }
  }

  private final RegistryApi api;
  private final Map<String, FakeRuntime> runtimes;
  private final Map<String, String> nodeOfPod = new HashMap<>();
  private final Map<String, Integer> largestSet = new HashMap<>();
  private final Map<String, Integer> largestDeployment = new HashMap<>();

  Invariants(RegistryApi api, Map<String, FakeRuntime> runtimes) {
    this.api = api;
    this.runtimes = runtimes;
  }

  private <T> List<T> all(Resource<T> resource) {
    return api.glance(resource);
  }

  /** Checks what must hold at every moment. */
  void check() {
    List<Pod> pods = all(Resources.PODS);
    pods.forEach(this::boundOnce);
    runtimes.forEach((node, runtime) -> startedOnce(node, runtime.all()));
    memberOnce();
    for (ReplicaSet set : all(Resources.REPLICA_SETS)) {
      int bound = largestSet.merge(set.uid(), set.spec().wanted(), Math::max);
      long active = pods.stream().filter(p -> ownedActive(p, set)).count();
      require(
          active <= bound,
          "14: set %s has %d active pods, it was never larger than %d",
          set.key(),
          active,
          bound);
    }
    all(Resources.DEPLOYMENTS).forEach(this::withinSurge);
    for (DaemonSet set : all(Resources.DAEMON_SETS)) {
      Set<String> nodes = new HashSet<>();
      pods.stream()
          .filter(pod -> ownedActive(pod, set) && pod.bound())
          .forEach(pod ->
              require(
                  nodes.add(pod.spec().nodeName()),
                  "daemon set %s has two active pods on %s",
                  set.key(),
                  pod.spec().nodeName()));
    }
  }

  private static boolean ownedActive(Pod pod, KubeObject owner) {
    return pod.active() && pod.metadata().controlledBy(owner.metadata().uid());
  }

  private void boundOnce(Pod pod) {
    if (pod.bound()) {
      String before = nodeOfPod.putIfAbsent(pod.uid(), pod.spec().nodeName());
      require(
          before == null || before.equals(pod.spec().nodeName()),
          "20: pod %s was on %s and is on %s",
          pod.key(),
          before,
          pod.spec().nodeName());
    }
  }

  private void startedOnce(String node, List<ObservedContainer> containers) {
    Set<String> running = new HashSet<>();
    for (ObservedContainer container : containers) {
      if (container.running()) {
        require(
            running.add(container.pod().uid() + "/" + container.name()),
            "2: two containers %s of pod %s run on %s",
            container.name(),
            container.pod(),
            node);
        String bound = nodeOfPod.get(container.pod().uid());
        require(
            node.equals(bound),
            "26: pod %s runs on %s but is bound to %s",
            container.pod(),
            node,
            bound);
      }
    }
  }

  /** A member of a stateful set runs at most once in the cluster, whatever its uid. */
  private void memberOnce() {
    Set<String> members = new HashSet<>();
    for (FakeRuntime runtime : runtimes.values()) {
      for (ObservedContainer container : runtime.all()) {
        if (container.running() && container.imageId().contains("db:")) {
          require(
              members.add(container.pod().name()),
              "two containers of member %s run at the same time",
              container.pod().name());
        }
      }
    }
  }

  /** The sets of one deployment, by their sizes, against the most that was ever wanted. */
  private void withinSurge(Deployment deployment) {
    int wanted = deployment.spec().wanted();
    int largest = largestDeployment.merge(deployment.uid(), wanted, Math::max);
    int sizes =
        all(Resources.REPLICA_SETS).stream()
            .filter(set -> set.metadata().controlledBy(deployment.uid()))
            .mapToInt(set -> set.spec().wanted())
            .sum();
    require(
        sizes <= largest + Simulation.SURGE,
        "15: the sets of %s add up to %d, at most %d were wanted",
        deployment.key(),
        sizes,
        largest);
  }

  /** A status may tell only of a generation that its writer has seen. */
  static void claimed(ObjectKey key, long claimed, long seen) {
    require(
        claimed <= seen,
        "status of %s claims generation %d, its writer has seen %d",
        key,
        claimed,
        seen);
  }

  /** What is not yet as it was asked for; empty when everything is. */
  String unrest() {
    List<Pod> pods = all(Resources.PODS);
    for (Pod pod : pods) {
      if (pod.finished()) {
        continue;
      }
      if (pod.metadata().deleting()) {
        return "pod " + pod.key() + " is still being deleted";
      }
      if (!pod.bound() || !pod.ready()) {
        return "pod " + pod.key() + " is not ready";
      }
      if (pod.metadata().ownerReferences().isEmpty()) {
        return "pod " + pod.key() + " belongs to nobody";
      }
    }
    for (Deployment one : all(Resources.DEPLOYMENTS)) {
      int wanted = one.spec().wanted();
      if (one.status().availableReplicas() != wanted
          || one.status().updatedReplicas() != wanted
          || one.status().replicas() != wanted) {
        return "deployment %s wants %d and has %s".formatted(one.key(), wanted, one.status());
      }
      if (one.status().observedGeneration() != one.metadata().generation()) {
        return "deployment " + one.key() + " has an old status";
      }
    }
    for (ReplicaSet set : all(Resources.REPLICA_SETS)) {
      long active = pods.stream().filter(pod -> ownedActive(pod, set)).count();
      if (active != set.spec().wanted() || set.status().replicas() != active) {
        return "set " + set.key() + " wants " + set.spec().wanted() + " and has " + active;
      }
    }
    int nodes = all(Resources.NODES).size();
    for (DaemonSet set : all(Resources.DAEMON_SETS)) {
      long active = pods.stream().filter(pod -> ownedActive(pod, set)).count();
      if (active != nodes) {
        return "daemon set " + set.key() + " has " + active + " pods on " + nodes + " nodes";
      }
    }
    for (StatefulSet set : all(Resources.STATEFUL_SETS)) {
      long active = pods.stream().filter(pod -> ownedActive(pod, set)).count();
      if (active != set.spec().wanted() || set.status().readyReplicas() != active) {
        return "stateful set " + set.key() + " has " + active + " pods and says " + set.status();
      }
    }
    for (Job job : all(Resources.JOBS)) {
      if (!Condition.isTrue(job.status().conditions(), "Complete")
          || job.status().succeeded() != 3) {
        return "job " + job.key() + " is not complete: " + job.status();
      }
    }
    return containers(pods);
  }

  private String containers(List<Pod> pods) {
    Set<String> wanted = new HashSet<>();
    Set<String> known = new HashSet<>();
    for (Pod pod : pods) {
      known.add(pod.spec().nodeName() + "/" + pod.uid());
      if (!pod.finished()) {
        wanted.add(pod.spec().nodeName() + "/" + pod.uid());
      }
    }
    Set<String> running = new HashSet<>();
    for (Map.Entry<String, FakeRuntime> node : runtimes.entrySet()) {
      for (ObservedContainer container : node.getValue().all()) {
        String place = node.getKey() + "/" + container.pod().uid();
        if (!known.contains(place)) {
          return "container " + container.name() + " of " + container.pod() + " is left over";
        }
        if (container.running() && !container.name().equals(ObservedContainer.SANDBOX)) {
          running.add(place);
        }
      }
    }
    return running.equals(wanted) ? "" : "not every pod runs where it is bound";
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would cost a library
  private static void require(boolean holds, String message, @Nullable Object... values) {
    if (!holds) {
      throw new Violation(message.formatted(values));
    }
  }
}
