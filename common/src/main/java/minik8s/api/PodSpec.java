package minik8s.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod asks for. Immutable.
 *
 * @param terminationGracePeriodSeconds seconds between SIGTERM and SIGKILL; null means 30
 * @param restartPolicy {@code Always}, {@code OnFailure} or {@code Never}
 * @param schedulingGates while there is any, no node is chosen
 * @param ephemeralContainers added to a running pod to look at it; never restarted
 * @param activeDeadlineSeconds seconds from the pod's start after which it fails
 * @param dnsPolicy {@code ClusterFirst}, {@code ClusterFirstWithHostNet}, {@code Default} or {@code
 *     None}
 * @param preemptionPolicy {@code Never} waits; anything else may displace lower priorities
 * @param resources amounts for the pod as a whole
 * @param hostnameOverride what the pod is called inside, whatever its other names
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
    List<SchedulingGate> schedulingGates,
    List<Container> ephemeralContainers,
    @Nullable Long activeDeadlineSeconds,
    boolean hostPID,
    boolean hostIPC,
    @Nullable Boolean hostUsers,
    boolean shareProcessNamespace,
    List<HostAlias> hostAliases,
    boolean setHostnameAsFQDN,
    String dnsPolicy,
    @Nullable DnsConfig dnsConfig,
    @Nullable Boolean enableServiceLinks,
    @Nullable Boolean automountServiceAccountToken,
    SecurityContext.@Nullable OfPod securityContext,
    List<ObjectRef> imagePullSecrets,
    List<ReadinessGate> readinessGates,
    List<TopologySpread> topologySpreadConstraints,
    String preemptionPolicy,
    String runtimeClassName,
    @Nullable Os os,
    Container.@Nullable Resources resources,
    String hostnameOverride) {
  static final PodSpec EMPTY =
      new PodSpec(
          List.of(), List.of(), List.of(), "", null, "", Map.of(), null, List.of(), "", null, "",
          false, "", "", "", Map.of(), List.of(), List.of(), null, false, false, null, false,
          List.of(), false, "", null, null, null, null, List.of(), List.of(), List.of(), "", "",
          null, null, "");

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
    ephemeralContainers = Lists.of(ephemeralContainers);
    hostAliases = Lists.of(hostAliases);
    dnsPolicy = dnsPolicy == null || dnsPolicy.isEmpty() ? "ClusterFirst" : dnsPolicy;
    imagePullSecrets = Lists.of(imagePullSecrets);
    readinessGates = Lists.of(readinessGates);
    topologySpreadConstraints = Lists.of(topologySpreadConstraints);
    preemptionPolicy = Lists.of(preemptionPolicy);
    runtimeClassName = Lists.of(runtimeClassName);
    hostnameOverride = Lists.of(hostnameOverride);
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
        schedulingGates,
        ephemeralContainers,
        activeDeadlineSeconds,
        hostPID,
        hostIPC,
        hostUsers,
        shareProcessNamespace,
        hostAliases,
        setHostnameAsFQDN,
        dnsPolicy,
        dnsConfig,
        enableServiceLinks,
        automountServiceAccountToken,
        securityContext,
        imagePullSecrets,
        readinessGates,
        topologySpreadConstraints,
        preemptionPolicy,
        runtimeClassName,
        os,
        resources,
        hostnameOverride);
  }

  /** Init, app and ephemeral containers, in this order. */
  public List<Container> allContainers() {
    List<Container> all = new ArrayList<>(initContainers);
    all.addAll(containers);
    all.addAll(ephemeralContainers);
    return all;
  }

  /** The container of this name, of whichever list; null when there is none. */
  public @Nullable Container container(String name) {
    for (List<Container> list : List.of(containers, initContainers, ephemeralContainers)) {
      for (Container container : list) {
        if (container.name().equals(name)) {
          return container;
        }
      }
    }
    return null;
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

  /** Where a pod wants to run: on which nodes, near which pods, far from which. */
  public record Affinity(
      @Nullable NodeAffinity nodeAffinity,
      @Nullable PodAffinity podAffinity,
      @Nullable PodAffinity podAntiAffinity) {}

  /** Pods to be near to, or to be far from. */
  public record PodAffinity(
      List<PodAffinityTerm> requiredDuringSchedulingIgnoredDuringExecution,
      List<WeightedPodAffinityTerm> preferredDuringSchedulingIgnoredDuringExecution) {
    public PodAffinity {
      requiredDuringSchedulingIgnoredDuringExecution =
          Lists.of(requiredDuringSchedulingIgnoredDuringExecution);
      preferredDuringSchedulingIgnoredDuringExecution =
          Lists.of(preferredDuringSchedulingIgnoredDuringExecution);
    }
  }

  /**
   * Which pods are meant and what near means.
   *
   * @param labelSelector null matches no pod
   * @param namespaces with namespaceSelector absent and this empty: the pod's own namespace
   * @param topologyKey the node label whose equal value means near
   */
  public record PodAffinityTerm(
      @Nullable LabelSelector labelSelector,
      List<String> namespaces,
      @Nullable LabelSelector namespaceSelector,
      String topologyKey,
      List<String> matchLabelKeys,
      List<String> mismatchLabelKeys) {
    public PodAffinityTerm {
      namespaces = Lists.of(namespaces);
      topologyKey = Lists.of(topologyKey);
      matchLabelKeys = Lists.of(matchLabelKeys);
      mismatchLabelKeys = Lists.of(mismatchLabelKeys);
    }
  }

  /** A wish with a weight from 1 to 100. */
  public record WeightedPodAffinityTerm(int weight, PodAffinityTerm podAffinityTerm) {}

  /**
   * How evenly matching pods are to be spread over the values of a node label.
   *
   * @param whenUnsatisfiable {@code DoNotSchedule} or {@code ScheduleAnyway}
   * @param nodeAffinityPolicy {@code Honor} (the default) or {@code Ignore}
   * @param nodeTaintsPolicy {@code Honor} or {@code Ignore} (the default)
   */
  public record TopologySpread(
      int maxSkew,
      @Nullable Integer minDomains,
      String topologyKey,
      String whenUnsatisfiable,
      @Nullable LabelSelector labelSelector,
      List<String> matchLabelKeys,
      String nodeAffinityPolicy,
      String nodeTaintsPolicy) {
    public TopologySpread {
      topologyKey = Lists.of(topologyKey);
      whenUnsatisfiable = Lists.of(whenUnsatisfiable);
      matchLabelKeys = Lists.of(matchLabelKeys);
      nodeAffinityPolicy = Lists.of(nodeAffinityPolicy);
      nodeTaintsPolicy = Lists.of(nodeTaintsPolicy);
    }
  }

  /** A line of the pod's hosts file. */
  public record HostAlias(String ip, List<String> hostnames) {
    public HostAlias {
      ip = Lists.of(ip);
      hostnames = Lists.of(hostnames);
    }
  }

  /** What is added to what the DNS policy gives. */
  public record DnsConfig(
      List<String> nameservers, List<String> searches, List<DnsOption> options) {
    public DnsConfig {
      nameservers = Lists.of(nameservers);
      searches = Lists.of(searches);
      options = Lists.of(options);
    }
  }

  /** One resolver option, such as {@code ndots} with a value. */
  public record DnsOption(String name, @Nullable String value) {}

  /** An object in the pod's namespace by name. */
  public record ObjectRef(String name) {
    public ObjectRef {
      name = Lists.of(name);
    }
  }

  /** A condition that must be True before the pod counts as ready. */
  public record ReadinessGate(String conditionType) {}

  /** The operating system that the pod is made for. */
  public record Os(String name) {
    public Os {
      name = Lists.of(name);
    }
  }

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
