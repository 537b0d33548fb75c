package minik8s.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod asks for. Immutable.
 *
 * @param terminationGracePeriodSeconds seconds between SIGTERM and SIGKILL; null means 30
 * @param restartPolicy {@code Always}, {@code OnFailure} or {@code Never}
 * @param schedulingGates while there is any, no node is chosen
 */
public record PodSpec(
    List<Container> containers,
    List<Container> initContainers,
    List<Volume> volumes,
    String restartPolicy,
    @Nullable Long terminationGracePeriodSeconds,
    String nodeName,
    Map<String, String> nodeSelector,
    @Nullable Affinity affinity,
    List<Toleration> tolerations,
    String schedulerName,
    @Nullable Integer priority,
    String priorityClassName,
    boolean hostNetwork,
    String hostname,
    String subdomain,
    String serviceAccountName,
    Map<String, Quantity> overhead,
    List<SchedulingGate> schedulingGates) {
  static final PodSpec EMPTY =
      new PodSpec(
          List.of(), List.of(), List.of(), "", null, "", Map.of(), null, List.of(), "", null, "",
          false, "", "", "", Map.of(), List.of());

  public PodSpec {
    containers = Lists.of(containers);
    initContainers = Lists.of(initContainers);
    volumes = Lists.of(volumes);
    restartPolicy = restartPolicy == null || restartPolicy.isEmpty() ? "Always" : restartPolicy;
    nodeName = Lists.of(nodeName);
    nodeSelector = Lists.of(nodeSelector);
    tolerations = Lists.of(tolerations);
    schedulerName =
        schedulerName == null || schedulerName.isEmpty() ? "default-scheduler" : schedulerName;
    priorityClassName = Lists.of(priorityClassName);
    hostname = Lists.of(hostname);
    subdomain = Lists.of(subdomain);
    serviceAccountName = Lists.of(serviceAccountName);
    overhead = Lists.of(overhead);
    schedulingGates = Lists.of(schedulingGates);
  }

  /** The same spec on this node. */
  PodSpec withNodeName(String node) {
    return new PodSpec(
        containers,
        initContainers,
        volumes,
        restartPolicy,
        terminationGracePeriodSeconds,
        node,
        nodeSelector,
        affinity,
        tolerations,
        schedulerName,
        priority,
        priorityClassName,
        hostNetwork,
        hostname,
        subdomain,
        serviceAccountName,
        overhead,
        schedulingGates);
  }

  /** Seconds between SIGTERM and SIGKILL. */
  public long gracePeriodSeconds() {
    return terminationGracePeriodSeconds == null ? 30 : terminationGracePeriodSeconds;
  }

  /**
   * One key and value that lets a pod onto tainted nodes.
   *
   * @param tolerationSeconds how long NoExecute is tolerated; null means for ever
   */
  public record Toleration(
      String key, String operator, String value, String effect, @Nullable Long tolerationSeconds) {
    public Toleration {
      key = Lists.of(key);
      operator = operator == null || operator.isEmpty() ? "Equal" : operator;
      value = Lists.of(value);
      effect = Lists.of(effect);
    }

    /** Whether this toleration covers the taint. */
    public boolean tolerates(Node.Taint taint) {
      if (!effect.isEmpty() && !effect.equals(taint.effect())) {
        return false;
      }
      if (operator.equals("Exists")) {
        return key.isEmpty() || key.equals(taint.key());
      }
      return key.equals(taint.key()) && value.equals(taint.value());
    }
  }

  /** A named reason to wait, removed by whoever set it. */
  public record SchedulingGate(String name) {}

  /** Where a pod wants to run. Only node affinity is read so far. */
  public record Affinity(@Nullable NodeAffinity nodeAffinity) {}

  /** Which nodes a pod must or would like to run on. */
  public record NodeAffinity(
      @Nullable NodeSelector requiredDuringSchedulingIgnoredDuringExecution,
      List<PreferredTerm> preferredDuringSchedulingIgnoredDuringExecution) {
    public NodeAffinity {
      preferredDuringSchedulingIgnoredDuringExecution =
          Lists.of(preferredDuringSchedulingIgnoredDuringExecution);
    }
  }

  /** Terms of which one must hold. */
  public record NodeSelector(List<NodeSelectorTerm> nodeSelectorTerms) {
    public NodeSelector {
      nodeSelectorTerms = Lists.of(nodeSelectorTerms);
    }
  }

  /** Requirements that must all hold; an empty term matches nothing. */
  public record NodeSelectorTerm(
      List<LabelSelector.Requirement> matchExpressions,
      List<LabelSelector.Requirement> matchFields) {
    public NodeSelectorTerm {
      matchExpressions = Lists.of(matchExpressions);
      matchFields = Lists.of(matchFields);
    }

    /** Whether the node has the labels and name that this term asks for. */
    public boolean matches(Node node) {
      if (matchExpressions.isEmpty() && matchFields.isEmpty()) {
        return false;
      }
      Map<String, String> fields = Map.of("metadata.name", node.metadata().name());
      return matchExpressions.stream().allMatch(r -> r.matches(node.metadata().labels()))
          && matchFields.stream().allMatch(r -> r.matches(fields));
    }
  }

  /** A wish with a weight from 1 to 100. */
  public record PreferredTerm(int weight, NodeSelectorTerm preference) {}
}
