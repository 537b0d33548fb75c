package minik8s.scheduler.bench;

import minik8s.api.codec.Yaml;
import tools.jackson.databind.node.ObjectNode;

/** What the measured pods ask for beside cpu and memory. */
public enum Demand {
  /** Nothing. */
  PLAIN("cpu and memory only", "{}"),
  /** To be spread over zones and nodes, both required. */
  SPREAD(
      "topology spread",
      """
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: topology.kubernetes.io/zone
        whenUnsatisfiable: DoNotSchedule
        labelSelector: {matchLabels: {app: SET}}
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: DoNotSchedule
        labelSelector: {matchLabels: {app: SET}}
      """),
  /** To be in one zone with their own, on a node without their own, and rather far from others. */
  AFFINITY(
      "pod affinity and anti-affinity",
      """
      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: topology.kubernetes.io/zone
            labelSelector: {matchLabels: {app: SET}}
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: kubernetes.io/hostname
            labelSelector: {matchLabels: {app: SET}}
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 50
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {tier: bench}}
      """),
  /** Two GPUs each. */
  EXTENDED(
      "extended resources",
      """
      containers:
      - name: main
        image: nginx:1.27
        resources:
          requests: {cpu: 100m, memory: 128Mi, nvidia.com/gpu: 2}
          limits: {nvidia.com/gpu: 2}
      """);

  private final String title;
  private final String spec;

  Demand(String title, String spec) {
    this.title = title;
    this.spec = spec;
  }

  /** What it is, for tables. */
  public String title() {
    return title;
  }

  /** Fields of the spec of a pod in a set of this name. */
  ObjectNode spec(String set) {
    return (ObjectNode) Yaml.documents(spec.replace("SET", set)).getFirst();
  }
}
